// What a graph is made of: values with static types, and the nodes that produce them.
import type { DType } from './dtype.ts';
import type { Graph } from './graph.ts';
import type { OpAttrs, OpName } from './ops/names.ts';
import type { Shape } from './shape.ts';

export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A weight read in place: `length` bytes at `offset` of a file (absolute real path, no symlinks). */
export interface WeightRef extends TensorType {
  readonly name: string;
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

export type Origin =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'weight'; readonly ref: WeightRef }
  | { readonly kind: 'constant'; readonly bytes: Uint8Array }
  | { readonly kind: 'op'; readonly node: Node; readonly output: number };

/** One tensor of a graph. Values are created by a Graph only, and are immutable. */
export interface Value extends TensorType {
  readonly id: number;
  readonly graph: Graph;
  readonly origin: Origin;
}

/** One application of an op. `id`s grow in topological order. */
export interface Node<K extends OpName = OpName> {
  readonly id: number;
  readonly op: K;
  readonly attrs: OpAttrs[K];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}
