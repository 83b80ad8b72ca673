// Element types of tensors: their ONNX codes, sizes and how numbers are packed into bytes.
import { float32ToFloat16 } from './float16.ts';

/** TensorProto.DataType code and size in bytes of one element. Source: onnx.proto. */
export const DTYPES = {
  float32: { onnx: 1, bytes: 4 },
  uint8: { onnx: 2, bytes: 1 },
  int8: { onnx: 3, bytes: 1 },
  int32: { onnx: 6, bytes: 4 },
  int64: { onnx: 7, bytes: 8 },
  bool: { onnx: 9, bytes: 1 },
  float16: { onnx: 10, bytes: 2 },
  bfloat16: { onnx: 16, bytes: 2 },
} as const;

export type DType = keyof typeof DTYPES;

/** The types a gradient can have. */
export type FloatDType = 'float32' | 'float16';

export function isFloat(dtype: DType): dtype is FloatDType {
  return dtype === 'float32' || dtype === 'float16';
}

/** Little-endian bytes of `values` as elements of `dtype`; bool takes 0 and 1. */
export function packElements(dtype: DType, values: ArrayLike<number>): Uint8Array {
  const array = typedArray(dtype, values);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function typedArray(dtype: DType, values: ArrayLike<number>): ArrayBufferView {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values);
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values);
    case 'int8':
      return Int8Array.from(values);
    case 'int32':
      return Int32Array.from(values);
    case 'int64':
      return BigInt64Array.from(Array.from(values, (v) => BigInt(v)));
    case 'float16':
      return Uint16Array.from(values, float32ToFloat16);
    case 'bfloat16':
      throw new RangeError('bfloat16 constants cannot be made here; they are only read from checkpoints.');
  }
}
