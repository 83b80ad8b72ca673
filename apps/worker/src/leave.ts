// How a run leaves its worker: what is written in its name at the end, and what the world is told.
import {
  FencedError,
  finishRun,
  getRun,
  pauseHeldRun,
  type RunEnd,
  releaseLease,
  type Run as StoredRun,
} from '@tessera/db';
import type { Desk } from './desk.ts';
import { patiently } from './retry.ts';

export type Departure =
  | { readonly kind: 'ended'; readonly end: RunEnd }
  | { readonly kind: 'paused' }
  | { readonly kind: 'handed back' }
  /** Another worker holds the run, or its lease ended otherwise. Nothing is written or told. */
  | { readonly kind: 'fenced' }
  /** The database could not be written for long. Nothing is written or told; the lease runs out. */
  | { readonly kind: 'lost' };

const HANDED_BACK = 'its worker was shut down';

/** What really became of the run: a last write that comes too late makes it fenced. Never rejects. */
export async function leave(desk: Desk, run: StoredRun, fence: number, departure: Departure): Promise<Departure> {
  try {
    await write(desk, run, fence, departure);
    return departure;
  } catch (error) {
    if (error instanceof FencedError) return { kind: 'fenced' };
    desk.log.error({ err: error, run: run.id }, 'the end of the run could not be written; its lease will run out');
    return { kind: 'lost' };
  }
}

async function write(desk: Desk, { id, workspaceId }: StoredRun, fence: number, departure: Departure): Promise<void> {
  const { database, limits, announcer } = desk;
  switch (departure.kind) {
    case 'ended': {
      const after = await patiently(limits, () => finishRun(database, id, fence, departure.end));
      const { end } = departure;
      const error = end.status === 'failed' ? { error: end.error } : {};
      return announcer.status({ run: after, status: after.status, nextStep: after.nextStep, ...error });
    }
    case 'paused': {
      const after = await patiently(limits, () => pauseHeldRun(database, id, fence));
      return announcer.status({ run: after, status: after.status, nextStep: after.nextStep });
    }
    case 'handed back': {
      await patiently(limits, () => releaseLease(database, id, fence, HANDED_BACK));
      const after = await patiently(limits, () => getRun(database, workspaceId, id));
      await announcer.status({ run: after, status: after.status, nextStep: after.nextStep });
      return announcer.hint(id);
    }
    case 'fenced':
    case 'lost':
      return;
    default:
      return departure satisfies never;
  }
}
