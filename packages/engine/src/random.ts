// Seeded randomness without state: every draw is a function of (seed, stream, step, position).
// So a run can be resumed or replayed from any step, and lanes of a batch do not disturb each other.

/** What a draw is for; each purpose has a stream of its own. */
export const STREAMS = { noise: 0, crops: 1, epsilon: 2, start: 3 } as const;

export type Stream = keyof typeof STREAMS;

const M0 = 0xd2511f53n;
const M1 = 0xcd9e8d57n;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

function multiply(a: bigint, b: number): readonly [number, number] {
  const product = a * BigInt(b);
  return [Number(product >> 32n), Number(product & 0xffffffffn)];
}

/**
 * Philox 4x32 with ten rounds: four 32-bit words from a 128-bit counter and a 64-bit key.
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): Uint32Array {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [high0, low0] = multiply(M0, c0);
    const [high1, low1] = multiply(M1, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  return Uint32Array.of(c0, c1, c2, c3);
}

/** `count` uniform 32-bit words. */
export function words(seed: number, stream: Stream, step: number, count: number): Uint32Array {
  const key = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0] as const;
  const out = new Uint32Array(Math.ceil(count / 4) * 4);
  for (let block = 0; block * 4 < count; block++) {
    out.set(philox([block, step >>> 0, STREAMS[stream], 0], key), block * 4);
  }
  return out.subarray(0, count);
}

/** `count` standard normal numbers (Box-Muller), float32. */
export function normals(seed: number, stream: Stream, step: number, count: number): Float32Array {
  const even = count + (count & 1);
  const bits = words(seed, stream, step, even);
  const out = new Float32Array(even);
  for (let i = 0; i < even; i += 2) {
    // (w + 0.5) / 2^32 lies strictly between 0 and 1, so the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log((bits[i]! + 0.5) / 2 ** 32));
    const angle = 2 * Math.PI * ((bits[i + 1]! + 0.5) / 2 ** 32);
    out[i] = radius * Math.cos(angle);
    out[i + 1] = radius * Math.sin(angle);
  }
  return out.subarray(0, count);
}

/** A whole number in 0 .. bound-1 from one word, without modulo bias worth speaking of. */
export function below(word: number, bound: number): number {
  return Math.floor((word / 2 ** 32) * bound);
}
