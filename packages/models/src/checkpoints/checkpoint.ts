// An open checkpoint: named tensors with their places in the file, whatever the file format.
import type { ByteSource } from './byte-source.ts';
import { type Dtype, floatDtypes, integerDtypes, toFloat32, toInt32 } from './dtypes.ts';
import { MissingTensorError, TensorShapeError, TensorTypeError } from './errors.ts';
import { nearestNames } from './nearest.ts';

/** One tensor's place: little-endian, row-major, `length` bytes from byte `offset` of the file itself. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Absolute byte offset in the file, so that ONNX Runtime can map the weight in place. */
  readonly offset: number;
  /** Bytes: elements x element size. */
  readonly length: number;
}

export interface Checkpoint {
  /** Real path of the file, symbolic links resolved. */
  readonly path: string;
  /** `__metadata__` of a safetensors file; empty for PyTorch archives. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** The entry of one tensor. @throws MissingTensorError, TensorShapeError when `shape` is given and differs. */
  tensor(name: string, shape?: readonly number[]): TensorEntry;
  /** Values of a float tensor (F32, F16, BF16, F64) as float32. Blocks while it reads. @throws TensorTypeError */
  read(name: string): Float32Array;
  /** Values of an integer tensor as int32. @throws TensorTypeError, also when a value does not fit. */
  readIntegers(name: string): Int32Array;
  /** SHA-256 of the whole file, hexadecimal; computed once. */
  sha256(): Promise<string>;
  close(): void;
  [Symbol.dispose](): void;
}

/** Binds validated entries to their source. The entries' ranges must lie inside the source. */
export function makeCheckpoint(
  source: ByteSource,
  tensors: ReadonlyMap<string, TensorEntry>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Checkpoint {
  let digest: Promise<string> | undefined;
  const { path } = source;
  function tensor(name: string, shape?: readonly number[]): TensorEntry {
    const entry = tensors.get(name);
    if (!entry) throw new MissingTensorError(path, name, nearestNames(name, tensors.keys()));
    const same = !shape || (shape.length === entry.shape.length && shape.every((n, i) => n === entry.shape[i]));
    if (!same) throw new TensorShapeError(path, name, entry.shape, shape);
    return entry;
  }
  return {
    path,
    metadata,
    tensors,
    tensor,
    read(name) {
      const entry = tensor(name);
      if (!floatDtypes.includes(entry.dtype))
        throw new TensorTypeError(path, name, entry.dtype, `one of ${floatDtypes.join(', ')} is needed`);
      return toFloat32(entry.dtype, source.read(entry.offset, entry.length));
    },
    readIntegers(name) {
      const entry = tensor(name);
      if (!integerDtypes.includes(entry.dtype))
        throw new TensorTypeError(path, name, entry.dtype, `one of ${integerDtypes.join(', ')} is needed`);
      try {
        return toInt32(entry.dtype, source.read(entry.offset, entry.length));
      } catch (error) {
        if (error instanceof RangeError)
          throw new TensorTypeError(path, name, entry.dtype, `${error.message}, 32-bit values are needed`);
        throw error;
      }
    },
    sha256() {
      digest ??= source.sha256();
      return digest;
    },
    close: () => source.close(),
    [Symbol.dispose]: () => source.close(),
  };
}
