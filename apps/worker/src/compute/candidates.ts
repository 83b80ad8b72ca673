// Which tokens are tried at a position: all of a small codebook, a seeded sample of a large one.

/** What the golden section skips; neighbours in a codebook have nothing in common, so any even spread is as good. */
const GOLDEN = 0.618034;

/**
 * At most `count` different tokens of a codebook of `size`, none of them `current`, in an order that `seed` (a whole number)
 * decides: the first ones stand for all where there is no time for more.
 */
export function candidates(size: number, current: number, count: number, seed: number): number[] {
  const wanted = Math.min(count, size - 1);
  let stride = Math.max(1, Math.round(size * GOLDEN));
  while (greatestCommonDivisor(stride, size) !== 1) stride += 1;
  const tokens: number[] = [];
  for (let token = seed % size; tokens.length < wanted; token = (token + stride) % size) {
    if (token !== current) tokens.push(token);
  }
  return tokens;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
