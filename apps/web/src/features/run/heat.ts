// The token history as a picture: one row per position, one column per step, bright where a token has just changed.

export interface History {
  readonly positions: number;
  /** Step numbers of the columns, rising. */
  readonly steps: readonly number[];
  /** Positions that changed at each of these steps. */
  readonly changed: readonly (readonly number[])[];
}

/** Steps over which the glow of a change fades: 1/24 of the run, at least 3. */
export function fadeLength(steps: number): number {
  return Math.max(3, Math.round(steps / 24));
}

/**
 * Heat 0..1, row by row [positions x columns]: 1 where the token changed at a step of the column, then fading linearly.
 * With fewer columns than steps a column shows the hottest of its steps, so that no change is ever hidden.
 */
export function heat(history: History, columns: number): Float32Array {
  const { positions, steps, changed } = history;
  const out = new Float32Array(positions * columns);
  if (steps.length === 0 || columns === 0) return out;
  const first = steps[0]!;
  const span = steps[steps.length - 1]! - first + 1;
  const fade = fadeLength(span);
  const lastChange = new Float64Array(positions).fill(Number.NEGATIVE_INFINITY);
  steps.forEach((step, i) => {
    for (const position of changed[i] ?? []) if (position < positions) lastChange[position] = step;
    const from = Math.floor(((step - first) * columns) / span);
    const next = steps[i + 1] ?? step + 1;
    const to = Math.max(from + 1, Math.floor(((next - first) * columns) / span));
    for (let position = 0; position < positions; position += 1) {
      const value = Math.max(0, 1 - (step - lastChange[position]!) / fade);
      for (let x = from; x < Math.min(to, columns); x += 1) {
        const at = position * columns + x;
        if (value > out[at]!) out[at] = value;
      }
    }
  });
  return out;
}

/** Step under a column, and back. */
export function stepAt(history: History, share: number): number {
  const first = history.steps[0] ?? 0;
  const last = history.steps[history.steps.length - 1] ?? first;
  return Math.min(last, Math.max(first, first + Math.floor(share * (last - first + 1))));
}

/** The index into `steps` of the newest step that is not after `step`; -1 before the first. */
export function indexOfStep(steps: readonly number[], step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
