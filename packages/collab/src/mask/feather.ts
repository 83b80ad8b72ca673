// A soft edge for a mask, with sums only: every engine gives the same bits, which exp() does not promise.

/**
 * Three box blurs, which come close to a Gaussian of `sigma` px; the border is continued outward. HW to a new HW.
 * Source: P. Kovesi, "Fast almost-Gaussian filtering" (2010).
 */
export function featherMask(mask: Float32Array, width: number, height: number, sigma: number): Float32Array {
  let now: Float32Array = mask.slice();
  if (sigma <= 0) return now;
  for (const radius of boxRadii(sigma)) {
    if (radius === 0) continue;
    const rows = boxBlur(now, width, height, 1, width, radius);
    now = boxBlur(rows, height, width, width, 1, radius);
  }
  return now;
}

/** Radii of three boxes whose variances add up to about sigma squared. */
function boxRadii(sigma: number): number[] {
  const ideal = Math.sqrt(4 * sigma * sigma + 1);
  const lower = Math.floor(ideal) % 2 === 0 ? Math.floor(ideal) - 1 : Math.floor(ideal);
  const narrow = Math.round((12 * sigma * sigma - 3 * lower * lower - 12 * lower - 9) / (-4 * lower - 4));
  return [0, 1, 2].map((i) => ((i < narrow ? lower : lower + 2) - 1) / 2);
}

/** Running mean along lines of `length` values, `step` apart; lines start `stride` apart. */
function boxBlur(
  source: Float32Array,
  length: number,
  lines: number,
  step: number,
  stride: number,
  radius: number,
): Float32Array {
  const out = new Float32Array(source.length);
  const count = 2 * radius + 1;
  for (let line = 0; line < lines; line += 1) {
    const start = line * stride;
    const at = (i: number) => source[start + Math.min(length - 1, Math.max(0, i)) * step]!;
    let sum = 0;
    for (let i = -radius; i <= radius; i += 1) sum += at(i);
    for (let i = 0; i < length; i += 1) {
      // The sum runs on in double precision; rounding must not leave the range.
      out[start + i * step] = Math.min(1, Math.max(0, sum / count));
      sum += at(i + radius + 1) - at(i - radius);
    }
  }
  return out;
}
