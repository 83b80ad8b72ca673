// Schedules of a run as functions of the step.

/**
 * Share of the token noise at step `i` of `n`: a cosine from 1 to 0 that ends at two thirds of the run.
 * Source: mission section 2 (reference code). A run of one step has no noise schedule to divide by: it gets the start value.
 */
export function noiseShare(i: number, n: number): number {
  const t = n > 1 ? i / (n - 1) : 0;
  return 0.5 * (1 + Math.cos(Math.PI * Math.min(1, Math.max(0, 1.5 * t))));
}

/** Decay of the moving average at its k-th update (from 1): the first update copies the tokens. Source: reference, tto/ema.py. */
export function emaDecay(update: number, decay: number): number {
  return update <= 1 ? 0 : decay;
}
