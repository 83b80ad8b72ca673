// The array types that are read and written, one row each; all little endian.
import { endianness } from 'node:os';

export type DtypeName = 'float32' | 'float16' | 'int32' | 'int64' | 'uint8' | 'uint16';

type DataOf = {
  float32: Float32Array;
  /** IEEE half bits, one element each: this Node has no Float16Array. */
  float16: Uint16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
};

/** A dense array in C order; `data.length` is the product of `shape` (1 for the empty shape, a scalar). */
export type NdArray = {
  [D in DtypeName]: { readonly dtype: D; readonly shape: readonly number[]; readonly data: DataOf[D] };
}[DtypeName];

type Row = {
  /** NumPy's name: byte order (`|` where it does not matter), kind, bytes. */
  readonly descr: string;
  readonly bytes: number;
  /** An array of `shape` over `buffer`, which belongs to it from then on. */
  readonly make: (shape: readonly number[], buffer: ArrayBuffer) => NdArray;
  readonly holds: (data: unknown) => boolean;
};

export const dtypes: Readonly<Record<DtypeName, Row>> = {
  float32: {
    descr: '<f4',
    bytes: 4,
    make: (shape, buffer) => ({ dtype: 'float32', shape, data: new Float32Array(buffer) }),
    holds: (data) => data instanceof Float32Array,
  },
  float16: {
    descr: '<f2',
    bytes: 2,
    make: (shape, buffer) => ({ dtype: 'float16', shape, data: new Uint16Array(buffer) }),
    holds: (data) => data instanceof Uint16Array,
  },
  int32: {
    descr: '<i4',
    bytes: 4,
    make: (shape, buffer) => ({ dtype: 'int32', shape, data: new Int32Array(buffer) }),
    holds: (data) => data instanceof Int32Array,
  },
  int64: {
    descr: '<i8',
    bytes: 8,
    make: (shape, buffer) => ({ dtype: 'int64', shape, data: new BigInt64Array(buffer) }),
    holds: (data) => data instanceof BigInt64Array,
  },
  uint8: {
    descr: '|u1',
    bytes: 1,
    make: (shape, buffer) => ({ dtype: 'uint8', shape, data: new Uint8Array(buffer) }),
    holds: (data) => data instanceof Uint8Array,
  },
  uint16: {
    descr: '<u2',
    bytes: 2,
    make: (shape, buffer) => ({ dtype: 'uint16', shape, data: new Uint16Array(buffer) }),
    holds: (data) => data instanceof Uint16Array,
  },
};

// Typed arrays use the machine's own order; no machine that onnxruntime supports is big endian.
if (endianness() !== 'LE') throw new Error('Tessera needs a little-endian machine');

export const dtypeNames = Object.keys(dtypes) as DtypeName[];
