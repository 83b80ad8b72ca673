// The one tensor type of the public face: a dtype, a static shape and a typed array in row-major order.
import { TensorError } from './errors.ts';

export interface TensorData {
  float32: Float32Array;
  /** IEEE 754 half precision, as raw 16-bit patterns. */
  float16: Uint16Array;
  int64: BigInt64Array;
  int32: Int32Array;
  uint8: Uint8Array;
  /** One byte an element, 0 or 1. */
  bool: Uint8Array;
}

export type DType = keyof TensorData;

export interface TensorOf<D extends DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: TensorData[D];
}

export type Tensor = { [D in DType]: TensorOf<D> }[DType];

const ARRAYS = {
  float32: Float32Array,
  float16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const satisfies { [D in DType]: new (length: number) => TensorData[D] };

/** Number of elements of a shape; a scalar, shape [], has one. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** `float32[2,3]`, as error messages print a tensor's type. */
export function describeTensor(t: { dtype: string; shape: readonly number[] }): string {
  return `${t.dtype}[${t.shape.join(',')}]`;
}

/**
 * A tensor over `data`, which is not copied: leave it unchanged while a run that was given it is under way.
 * @throws TensorError when an extent is no whole number, the array is not the dtype's kind, its length is not the shape's, or it is shared memory
 */
export function tensor<D extends DType>(dtype: D, shape: readonly number[], data: TensorData[D]): TensorOf<D> {
  const fault = tensorFault({ dtype, shape, data });
  if (fault !== undefined) throw new TensorError(fault);
  return { dtype, shape: [...shape], data };
}

/** Why `t` is no sound tensor, in one line, or undefined. For tensors that were built without `tensor()`. */
export function tensorFault(t: {
  dtype: DType;
  shape: readonly number[];
  data: TensorData[DType];
}): string | undefined {
  const ArrayOfType = ARRAYS[t.dtype];
  if (ArrayOfType === undefined) return `dtype "${t.dtype}" is unknown; use one of ${Object.keys(ARRAYS).join(', ')}.`;
  const bad = t.shape.find((extent) => !Number.isSafeInteger(extent) || extent < 0);
  if (bad !== undefined) return `shape [${t.shape.join(',')}] has extent ${bad}; extents must be whole numbers from 0.`;
  if (!(t.data instanceof ArrayOfType)) {
    return `${describeTensor(t)} was given a ${t.data?.constructor?.name ?? typeof t.data}; it needs a ${ArrayOfType.name}.`;
  }
  const count = elementCount(t.shape);
  if (t.data.length !== count) return `${describeTensor(t)} was given ${t.data.length} elements; it needs ${count}.`;
  if (t.data.buffer instanceof SharedArrayBuffer) {
    return `${describeTensor(t)} lies in shared memory, which ONNX Runtime refuses; copy it to an ordinary ${ArrayOfType.name}.`;
  }
  return undefined;
}
