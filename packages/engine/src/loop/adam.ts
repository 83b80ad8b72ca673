// Adam on one token tensor, with torch's defaults. Source: Kingma & Ba 2015; torch.optim.Adam.

export interface AdamState {
  /** First and second moments, float32, of the parameter's length. */
  readonly m: Float32Array;
  readonly v: Float32Array;
  /** Updates made; skipped steps do not count. */
  updates: number;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export function adamState(length: number): AdamState {
  return { m: new Float32Array(length), v: new Float32Array(length), updates: 0 };
}

/** One update in place, of `x` and the moments alike; numbers whose place in `free` is 0 keep all three. */
export function adamStep(
  state: AdamState,
  x: Float32Array,
  gradient: Float32Array,
  learningRate: number,
  free: Uint8Array,
): void {
  state.updates += 1;
  const step = learningRate / (1 - BETA1 ** state.updates);
  const correction = Math.sqrt(1 - BETA2 ** state.updates);
  const { m, v } = state;
  for (let i = 0; i < x.length; i++) {
    if (free[i] === 0) continue;
    const g = gradient[i]!;
    m[i] = BETA1 * m[i]! + (1 - BETA1) * g;
    v[i] = BETA2 * v[i]! + (1 - BETA2) * g * g;
    x[i] = x[i]! - (step * m[i]!) / (Math.sqrt(v[i]!) / correction + EPSILON);
  }
}
