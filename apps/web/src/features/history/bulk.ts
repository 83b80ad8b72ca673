// One action on many runs: a few at a time, with progress, and what failed in one sentence.
import { mutate } from '../../gql/mutate.ts';
import { troubleOf } from '../../gql/problem.ts';
import { CancelRunMutation, DeleteRunMutation, UpdateRunMutation } from '../run/documents.ts';
import { count } from '../run/format.ts';

export type BulkAction = 'pin' | 'unpin' | 'cancel' | 'delete';

/** At once; the server counts requests per minute. */
const WIDTH = 4;

const DONE: Readonly<Record<BulkAction, string>> = {
  pin: 'pinned',
  unpin: 'unpinned',
  cancel: 'cancelled',
  delete: 'deleted',
};

const ACTIONS: Readonly<Record<BulkAction, (runId: string) => Promise<unknown>>> = {
  pin: (runId) => mutate(UpdateRunMutation, { input: { runId, pinned: true } }),
  unpin: (runId) => mutate(UpdateRunMutation, { input: { runId, pinned: false } }),
  cancel: (runId) => mutate(CancelRunMutation, { input: { runId } }),
  delete: (runId) => mutate(DeleteRunMutation, { input: { runId } }),
};

export interface BulkResult {
  readonly done: ReadonlySet<string>;
  readonly summary: string;
  /** Why the others failed: the first reason. Null where all worked. */
  readonly failure: string | null;
}

export async function bulk(
  action: BulkAction,
  ids: readonly string[],
  progress: (finished: number) => void,
): Promise<BulkResult> {
  const done = new Set<string>();
  const reasons: string[] = [];
  const waiting = [...ids];
  const work = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        await ACTIONS[action](id);
        done.add(id);
      } catch (cause) {
        reasons.push(troubleOf(cause).message);
      }
      progress(done.size + reasons.length);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
  return {
    done,
    summary: `${count(done.size, 'run')} ${DONE[action]}${reasons.length > 0 ? `, ${reasons.length} not` : ''}.`,
    failure: reasons[0] ?? null,
  };
}
