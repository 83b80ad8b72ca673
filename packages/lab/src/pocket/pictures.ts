// Pictures between their two forms: 8-bit rows of pixels, and planes of numbers in 0..1 for graphs.

/** 8-bit pictures [S, S, 3] as one tensor [B, 3, S, S] in 0..1. */
export function toPlanes(pictures: readonly Uint8Array[], side: number): Float32Array {
  const pixels = side * side;
  const out = new Float32Array(pictures.length * 3 * pixels);
  pictures.forEach((picture, b) => {
    for (let i = 0; i < pixels; i++) {
      for (let c = 0; c < 3; c++) out[(b * 3 + c) * pixels + i] = picture[3 * i + c]! / 255;
    }
  });
  return out;
}

/** [3, S, S] in 0..1, rounded to 8-bit [S, S, 3]. */
export function toPixels(planes: Float32Array, side: number): Uint8Array {
  const pixels = side * side;
  return Uint8Array.from({ length: 3 * pixels }, (_, k) => {
    const value = planes[(k % 3) * pixels + Math.floor(k / 3)]!;
    return Math.round(Math.min(1, Math.max(0, value)) * 255);
  });
}

/** Pieces of at most `size`, in order. */
export function batches<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, k) => all.slice(k * size, (k + 1) * size));
}
