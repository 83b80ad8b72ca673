// A step in the form in which it is answered: plain arrays, made once however many subscribers and fields ask.
import type { Run } from '@tessera/db';
import type { StepRecord } from '@tessera/protocol';

/** A step with the run that it belongs to. */
export interface RunStep {
  readonly run: Pick<Run, 'id' | 'workspaceId' | 'sessionId'>;
  readonly record: StepRecord;
}

export interface StepView {
  readonly gradientNorms: readonly number[];
  /** Codebook indices; null for vectors. */
  readonly tokens: readonly number[] | null;
  readonly vectors: readonly number[] | null;
}

const views = new WeakMap<StepRecord, StepView>();

/** The same record gives the same arrays: do not change them. */
export function viewOf(record: StepRecord): StepView {
  const known = views.get(record);
  if (known) return known;
  const { kind, data } = record.tokens;
  const values = Array.from(data);
  const view: StepView = {
    gradientNorms: Array.from(record.gradientNorms, finiteOrZero),
    tokens: kind === 'indices' ? values : null,
    vectors: kind === 'vectors' ? values.map(finiteOrZero) : null,
  };
  views.set(record, view);
  return view;
}

/** GraphQL has no NaN: a loss of a skipped step is null. */
export const finite = (value: number | null | undefined): number | null =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : null;

/** Where a number is needed: the gradient of a skipped step may be infinite. */
const finiteOrZero = (value: number): number => (Number.isFinite(value) ? value : 0);
