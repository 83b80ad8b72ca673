// Unsigned integers at a fixed number of bits, least significant bit first.
import { StepFormatError } from '../errors.ts';

/** The fewest bits that hold `max`, at least 1. */
export function bitsFor(max: number): number {
  return Math.max(1, 32 - Math.clz32(max));
}

export function packedBytes(count: number, bits: number): number {
  return Math.ceil((count * bits) / 8);
}

/** `values` must be below 2 ** bits; bits is 1 to 16. */
export function packBits(values: ArrayLike<number>, bits: number): Uint8Array {
  const out = new Uint8Array(packedBytes(values.length, bits));
  let held = 0;
  let heldBits = 0;
  let at = 0;
  for (let i = 0; i < values.length; i++) {
    held |= (values[i] ?? 0) << heldBits;
    heldBits += bits;
    while (heldBits >= 8) {
      out[at++] = held & 0xff;
      held >>>= 8;
      heldBits -= 8;
    }
  }
  if (heldBits > 0) out[at] = held & 0xff;
  return out;
}

/** @throws StepFormatError when there are too few bytes */
export function unpackBits(bytes: Uint8Array, count: number, bits: number): Int32Array {
  if (bytes.length !== packedBytes(count, bits)) {
    throw new StepFormatError(
      `${count} values of ${bits} bits need ${packedBytes(count, bits)} bytes, not ${bytes.length}.`,
    );
  }
  const out = new Int32Array(count);
  const mask = 2 ** bits - 1;
  let held = 0;
  let heldBits = 0;
  let at = 0;
  for (let i = 0; i < count; i++) {
    while (heldBits < bits) {
      held |= (bytes[at++] ?? 0) << heldBits;
      heldBits += 8;
    }
    out[i] = held & mask;
    held >>>= bits;
    heldBits -= bits;
  }
  return out;
}
