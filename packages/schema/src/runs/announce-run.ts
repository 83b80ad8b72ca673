// After a change of a run: whoever watches it, lists of runs and the queue are told, and workers where one may take it.
import { BusError } from '@tessera/bus';
import type { Run } from '@tessera/db';
import type { RunCommand } from '@tessera/protocol';
import { publishQueueChanged, publishStatus } from '@tessera/wire';
import { announce } from '../announce.ts';
import type { Context } from '../context.ts';

/** The database has the change, so a bus that is away does not undo it: workers look there anyway, and so do subscribers. */
async function tell(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BusError)) throw error;
  }
}

/** A run that is queued: new, or again. */
export async function announceQueued(ctx: Context, runs: readonly Run[]): Promise<void> {
  for (const run of runs) {
    await tell(() => ctx.bus.queue.hint(run.id));
    await announceRun(ctx, run);
  }
  await tell(() => publishQueueChanged(ctx.bus.live));
}

/** Its new status, for those who watch the run and for lists. */
export async function announceRun(ctx: Context, run: Run): Promise<void> {
  const { id, workspaceId, sessionId, status, nextStep } = run;
  await tell(() => publishStatus(ctx.bus.live, { type: 'status', runId: id, seq: nextStep, status }));
  await announce(ctx, workspaceId, { kind: 'RUN', id, sessionId, status });
}

/** What its worker is asked for, if one holds it; else the change is done already. */
export async function askWorker(ctx: Context, run: Run, command: RunCommand): Promise<void> {
  if ('lease' in run.state) return tell(() => ctx.bus.queue.signal(run.id, command));
  await announceRun(ctx, run);
  await tell(() => publishQueueChanged(ctx.bus.live));
}
