// cancelRun, cancelMyRuns, pauseRun, resumeRun, steerRun: what people do to a run that is under way.
import { listRuns, type Run, RunStateError, requestCancel, requestPause, requestSteer, resumeRun } from '@tessera/db';
import { isEnding } from '@tessera/protocol';
import { actorOf, requireRight } from '../../access.ts';
import type { Context } from '../../context.ts';
import { mutation } from '../../mutation.ts';
import { RunRef } from '../../refs.ts';
import { workspaceTarget } from '../../targets.ts';
import { announceQueued, askWorker } from '../announce-run.ts';
import { SteeringInputRef } from '../inputs.ts';
import { checkSteering } from '../plans/steering-input.ts';
import { SteeringEventRef } from '../run-history.ts';
import { planInForce } from './fork-base.ts';
import { requireOver, runTarget } from './run-target.ts';

async function cancel(ctx: Context, { id, workspaceId }: Run): Promise<Run> {
  const run = await requestCancel(ctx.database, workspaceId, id);
  await askWorker(ctx, run, { type: 'cancel', runId: id });
  return run;
}

mutation('cancelRun', {
  description: 'Ends a run within one step; what is computed stays. Again, it changes nothing.',
  right: 'run',
  input: (t) => ({ runId: t.id({ required: true }) }),
  payload: { run: RunRef },
  target: (input, ctx) => runTarget(input, ctx),
  async change(_input, ctx, { run }) {
    await requireOver(ctx, run);
    return { run: await cancel(ctx, run) };
  },
});

mutation('cancelMyRuns', {
  right: 'run',
  cost: 50,
  inputDescription:
    "Every queued or running run of the viewer; with `others: true` (editors) every run but the viewer's.",
  input: (t) => ({ workspaceId: t.id({ required: true }), others: t.boolean() }),
  payload: { runs: [RunRef] },
  target: (input, ctx) => workspaceTarget(input, ctx),
  async change({ others }, ctx, { workspaceId }) {
    if (others) await requireRight(ctx, 'edit', { workspaceId });
    const runs: Run[] = [];
    for (const run of await waitingOrRunning(ctx, workspaceId, others ?? false)) {
      try {
        runs.push(await cancel(ctx, run));
      } catch (error) {
        // It ended in this moment.
        if (!(error instanceof RunStateError)) throw error;
      }
    }
    return { runs };
  },
});

async function waitingOrRunning(ctx: Context, workspaceId: string, others: boolean): Promise<Run[]> {
  const me = actorOf(ctx);
  const statuses = ['queued', 'leased', 'running'] as const;
  const filter = others ? { statuses } : { statuses, userId: me };
  const runs: Run[] = [];
  for (let after: string | undefined; ; ) {
    const page = await listRuns(ctx.database, workspaceId, filter, {
      first: 100,
      ...(after !== undefined && { after }),
    });
    runs.push(...page.edges.map(({ node }) => node).filter(({ userId }) => (userId === me) !== others));
    after = page.edges.at(-1)?.cursor;
    if (!page.hasNextPage) return runs;
  }
}

mutation('pauseRun', {
  right: 'run',
  input: (t) => ({ runId: t.id({ required: true }) }),
  payload: { run: RunRef },
  target: (input, ctx) => runTarget(input, ctx),
  async change(_input, ctx, { run: { id, workspaceId, ...rest } }) {
    await requireOver(ctx, { id, workspaceId, ...rest });
    const run = await requestPause(ctx.database, workspaceId, id);
    await askWorker(ctx, run, { type: 'pause', runId: id });
    return { run };
  },
});

mutation('resumeRun', {
  description: 'Queues a paused run again, or takes back a pause that was not reached yet.',
  right: 'run',
  input: (t) => ({ runId: t.id({ required: true }) }),
  payload: { run: RunRef },
  target: (input, ctx) => runTarget(input, ctx),
  async change(_input, ctx, target) {
    await requireOver(ctx, target.run);
    const run = await resumeRun(ctx.database, target.run.workspaceId, target.run.id);
    if (run.status === 'queued') await announceQueued(ctx, [run]);
    return { run };
  },
});

mutation('steerRun', {
  description: 'A live change: it takes effect at the next step, and stays in the history.',
  right: 'run',
  input: (t) => ({
    runId: t.id({ required: true }),
    change: t.field({ type: SteeringInputRef, required: true }),
  }),
  payload: { steering: SteeringEventRef },
  target: (input, ctx) => runTarget(input, ctx),
  async change(input, ctx, { run }) {
    await requireOver(ctx, run);
    // Said before a slip in the change: nothing would come of a better one.
    if (isEnding(run.status)) throw new RunStateError(run.id, run.status, 'not over');
    const plan = await planInForce(ctx, run, Number.POSITIVE_INFINITY);
    const change = checkSteering(input.change, plan, ctx.limits, run.positions);
    const { id: runId, workspaceId } = run;
    const steering = await requestSteer(ctx.database, { workspaceId, runId, userId: actorOf(ctx), change });
    if ('lease' in run.state) await askWorker(ctx, run, { type: 'steer', runId, seq: steering.seq, change });
    return { steering };
  },
});
