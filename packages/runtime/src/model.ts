// What this package needs to know of a model; `@tessera/graph` produces it.
import type { DType } from './tensor.ts';

export interface TensorInfo {
  readonly name: string;
  readonly dtype: DType;
  /** Static: every extent is known. */
  readonly shape: readonly number[];
}

/**
 * An ONNX model in memory. Weights may be external data: `location` is then an absolute path *without its leading slash*, with every
 * symbolic link resolved, because ONNX Runtime is told that external data lies under "/" and refuses links that leave that folder.
 */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}
