// Element types of checkpoints: their sizes and their conversion to float32.
import { float16ToFloat32 } from '@tessera/graph';

/** Bytes per element of each safetensors type name. A type that is not here is refused. */
export const dtypeBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;

export type Dtype = keyof typeof dtypeBytes;

export function isDtype(name: unknown): name is Dtype {
  return typeof name === 'string' && Object.hasOwn(dtypeBytes, name);
}

/** Types `Checkpoint.read` turns into float32. */
export const floatDtypes: readonly Dtype[] = ['F32', 'F16', 'BF16', 'F64'];

/** Types `Checkpoint.readIntegers` turns into int32. */
export const integerDtypes: readonly Dtype[] = ['I32', 'I64', 'U8', 'I8', 'U16', 'I16', 'U32', 'BOOL'];

let halfTable: Float32Array | undefined;

/** All 65,536 half-precision values as float32 (256 kB, built on first use): a look-up beats bit arithmetic. */
function halves(): Float32Array {
  if (halfTable) return halfTable;
  halfTable = Float32Array.from({ length: 65_536 }, (_, bits) => float16ToFloat32(bits));
  return halfTable;
}

/** Turns little-endian elements of a float type into float32 (F64 is rounded). `bytes` starts at an aligned offset of its buffer. */
export function toFloat32(dtype: Dtype, bytes: Uint8Array): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer, byteOffset, byteLength / 8));
    case 'F16': {
      const table = halves();
      return Float32Array.from(new Uint16Array(buffer, byteOffset, byteLength / 2), (bits) => table[bits] ?? 0);
    }
    case 'BF16': {
      const out = new Uint32Array(byteLength / 2);
      const bits = new Uint16Array(buffer, byteOffset, byteLength / 2);
      for (let i = 0; i < bits.length; i++) out[i] = (bits[i] ?? 0) << 16;
      return new Float32Array(out.buffer);
    }
    default:
      throw new RangeError(`no conversion from ${dtype} to float32`);
  }
}

/** Turns little-endian elements of an integer type into int32; a value that does not fit throws RangeError. */
export function toInt32(dtype: Dtype, bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const step = dtypeBytes[dtype];
  const out = new Int32Array(bytes.byteLength / step);
  for (let i = 0; i < out.length; i++) {
    const value = integerAt(view, dtype, i * step);
    if (value < -2_147_483_648 || value > 2_147_483_647)
      throw new RangeError(`value ${value} at index ${i} does not fit int32`);
    out[i] = value;
  }
  return out;
}

function integerAt(view: DataView, dtype: Dtype, at: number): number {
  switch (dtype) {
    case 'BOOL':
    case 'U8':
      return view.getUint8(at);
    case 'I8':
      return view.getInt8(at);
    case 'U16':
      return view.getUint16(at, true);
    case 'I16':
      return view.getInt16(at, true);
    case 'U32':
      return view.getUint32(at, true);
    case 'I32':
      return view.getInt32(at, true);
    case 'I64':
      return Number(view.getBigInt64(at, true));
    default:
      throw new RangeError(`no conversion from ${dtype} to int32`);
  }
}
