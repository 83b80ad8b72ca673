// The stored steps of a run, some at a time: an export never holds a long run in memory.
import { type Database, type Run, readSteps } from '@tessera/db';
import type { StepRecord } from '@tessera/protocol';

/** About so much is read at once. */
const WINDOW_BYTES = 8 * 1024 * 1024;
const STEP_BYTES = 1_500;

type Stored = Pick<Run, 'id' | 'workspaceId' | 'firstStep' | 'nextStep' | 'positions' | 'channels'>;

export interface HistoryRange {
  /** Every so many steps, from the first stored one on; 1 by default. */
  readonly stride?: number;
  /** The last step, too, wherever the stride falls. */
  readonly withLast?: boolean;
}

/** How many steps a range holds. */
export function stepsIn({ firstStep, nextStep }: Stored, { stride = 1, withLast = false }: HistoryRange = {}): number {
  const span = nextStep - firstStep;
  if (span <= 0) return 0;
  return Math.ceil(span / stride) + (withLast && (span - 1) % stride !== 0 ? 1 : 0);
}

/** @throws NotFoundError when the run is gone */
export async function* historyOf(
  database: Database,
  run: Stored,
  range: HistoryRange = {},
): AsyncGenerator<StepRecord> {
  const { stride = 1, withLast = false } = range;
  const bytes = STEP_BYTES + 8 * run.positions * Math.max(1, run.channels);
  // The database unpacks the steps between two that are wanted, too.
  const length = stride * Math.max(1, Math.floor(WINDOW_BYTES / bytes / stride));
  const last = run.nextStep - 1;
  let sent = -1;
  for (let from = run.firstStep; from <= last; from += length) {
    const to = Math.min(last, from + length - 1);
    for (const step of await readSteps(database, run.workspaceId, run.id, { from, to, stride })) {
      sent = step.step;
      yield step;
    }
  }
  if (withLast && sent !== last) yield* await readSteps(database, run.workspaceId, run.id, { from: last, to: last });
}
