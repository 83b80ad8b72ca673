// A float32 per step as a column: nothing where every value is NaN, one value where all are the same, else all of them.

import { StepFormatError } from '../errors.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

const ABSENT = 0;
const CONSTANT = 1;
const DENSE = 2;

export function writeColumn(out: ByteWriter, values: readonly number[]): void {
  const floats = Float32Array.from(values);
  const first = floats[0] ?? Number.NaN;
  if (floats.every((value) => Object.is(value, first))) {
    out.byte(Number.isNaN(first) ? ABSENT : CONSTANT);
    if (!Number.isNaN(first)) out.float(first);
    return;
  }
  out.byte(DENSE);
  for (const value of floats) out.float(value);
}

export function readColumn(from: ByteReader, count: number): Float32Array {
  const mode = from.byte();
  switch (mode) {
    case ABSENT:
      return new Float32Array(count).fill(Number.NaN);
    case CONSTANT:
      return new Float32Array(count).fill(from.float());
    case DENSE:
      return from.floats(count);
    default:
      throw new StepFormatError(`a column has the unknown mode ${mode}.`);
  }
}
