// Do the objective and the independent score part? Then the picture may be fooling the objective rather than fitting the prompt.

export interface Reading {
  readonly step: number;
  /** Lower is better; null where the step was skipped. */
  readonly loss: number | null;
  /** Higher is better; null where the meter was not read. */
  readonly score: number | null;
}

/** Readings of the meter that are compared with those before them. */
const WINDOW = 3;
/** Of the range seen so far: smaller falls are noise. */
const SHARE = 0.25;

/**
 * True where the loss is at its best while the score has fallen from its best by more than a quarter of what it had gained.
 * Means over the newest readings, because each of them is noisy.
 */
export function isParting(readings: readonly Reading[]): boolean {
  const read = readings.filter((one) => one.score !== null && one.loss !== null);
  if (read.length < 3 * WINDOW) return false;
  const smooth = (values: readonly number[]) =>
    values.slice(WINDOW - 1).map((_, i) => mean(values.slice(i, i + WINDOW)));
  const scores = smooth(read.map(({ score }) => score ?? 0));
  const losses = smooth(read.map(({ loss }) => loss ?? 0));
  const [score, loss] = [scores.at(-1) ?? 0, losses.at(-1) ?? 0];
  const [best, worst] = [Math.max(...scores), Math.min(...scores)];
  const lossRange = Math.max(...losses) - Math.min(...losses);
  const scoreFell = best > worst && best - score > SHARE * (best - worst) && scores.indexOf(best) < scores.length - 1;
  return scoreFell && loss - Math.min(...losses) < 0.1 * lossRange;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
