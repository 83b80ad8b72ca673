// A feature as 256 sign bits of fixed random projections: features that point the same way share most bits, and any
// PostgreSQL counts differing bits fast. (Charikar, "Similarity estimation techniques from rounding algorithms", 2002.)
import { InputError } from '../errors.ts';

export const SKETCH_BITS = 256;
/** The largest feature that is stored. */
const MAX_DIMENSIONS = 4096;

const planes = new Map<number, Int8Array>();

/** +1 or -1 for each bit and dimension, the same in every process: sketches are compared across them. */
function planesFor(dimensions: number): Int8Array {
  let made = planes.get(dimensions);
  if (!made) {
    made = new Int8Array(SKETCH_BITS * dimensions);
    let state = 0x9e3779b9;
    for (let i = 0; i < made.length; i++) {
      // xorshift32 (Marsaglia, 2003)
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      made[i] = (state & 0x10000) === 0 ? -1 : 1;
    }
    planes.set(dimensions, made);
  }
  return made;
}

/** @throws InputError when the feature is empty, too long or not finite */
export function sketchOf(feature: Float32Array): string {
  checkFeature(feature);
  const signs = planesFor(feature.length);
  let bits = '';
  for (let bit = 0; bit < SKETCH_BITS; bit++) {
    let sum = 0;
    for (let i = 0; i < feature.length; i++) sum += feature[i]! * signs[bit * feature.length + i]!;
    bits += sum > 0 ? '1' : '0';
  }
  return bits;
}

/** The feature with length 1. @throws InputError */
export function unitOf(feature: Float32Array): Float32Array<ArrayBuffer> {
  checkFeature(feature);
  const length = Math.hypot(...feature);
  return Float32Array.from(feature, (value) => value / length);
}

function checkFeature(feature: Float32Array): void {
  const usable = feature.length > 0 && feature.length <= MAX_DIMENSIONS && feature.every(Number.isFinite);
  if (!usable || feature.every((value) => value === 0)) {
    throw new InputError('embedding', `must be 1 to ${MAX_DIMENSIONS} finite numbers that are not all 0`);
  }
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
