// Positive numbers of one step as 12-bit logarithms below the largest of them: within 0.21 % over 24 octaves.
// Gradient norms are looked at, never computed with; at float16 a run of 300 steps and 32 tokens would pass 40 kB.

const OCTAVES = 24;
/** Codes: 0 is zero (or under 2^-24 of the largest), 4095 is not finite, the rest are logarithms. */
const LEVELS = 4093;
const NOT_FINITE = 4095;

/** The largest finite value, which the codes refer to; 0 where there is none. */
export function scaleOf(values: Float32Array): number {
  let scale = 0;
  for (const value of values) if (Number.isFinite(value) && value > scale) scale = value;
  return scale;
}

/** Negative values count as zero: norms have none. */
export function encodeLog12(values: Float32Array, scale: number, into: Uint16Array, offset: number): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    into[offset + i] = !Number.isFinite(value) ? NOT_FINITE : codeOf(value, scale);
  }
}

function codeOf(value: number, scale: number): number {
  if (value <= 0 || scale === 0) return 0;
  const code = Math.round((1 + Math.log2(value / scale) / OCTAVES) * LEVELS) + 1;
  return code < 1 ? 0 : code;
}

export function decodeLog12(codes: Int32Array, offset: number, count: number, scale: number): Float32Array {
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const code = codes[offset + i] ?? 0;
    out[i] = code === 0 ? 0 : code === NOT_FINITE ? Number.NaN : scale * 2 ** (((code - 1) / LEVELS - 1) * OCTAVES);
  }
  return out;
}
