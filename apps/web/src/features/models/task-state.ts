// What the tasks of models mean for the page: which are under way, which have just ended, what may be done next.
import type { Model, ModelTask } from './documents.ts';

export const isUnderWay = ({ state }: Pick<ModelTask, 'state'>): boolean =>
  state === 'WAITING' || state === 'DOWNLOADING' || state === 'VERIFYING';

/** Tasks that were under way at the last look and are not any more. */
export function endedSince(before: readonly ModelTask[], now: readonly ModelTask[]): ModelTask[] {
  const watched = new Set(before.filter(isUnderWay).map(({ model }) => model));
  return now.filter((task) => watched.has(task.model) && !isUnderWay(task));
}

/** `continue`: of a download that was stopped; `retry`: after a failure; `repair`: after a check that found damage. */
export type ModelStep = 'download' | 'continue' | 'retry' | 'verify' | 'retry-verify' | 'repair' | 'cancel';

/** The one thing to do with a model now; null for what comes with Tessera. */
export function nextStep({ embedded, installed }: Model, task: ModelTask | undefined): ModelStep | null {
  if (task && isUnderWay(task)) return 'cancel';
  if (embedded) return null;
  if (task?.kind === 'VERIFY' && task.state === 'FAILED') return 'retry-verify';
  if (task?.kind === 'VERIFY' && task.sound === false) return 'repair';
  if (task?.kind === 'DOWNLOAD' && task.state === 'FAILED') return installed ? 'repair' : 'retry';
  // What has just come is listed as installed a moment later.
  if (installed || task?.state === 'DONE') return 'verify';
  return task?.state === 'CANCELLED' && task.received > 0 ? 'continue' : 'download';
}
