// The shape of one row of the op table: shape rule, gradient, and form in ONNX.

import type { OnnxAttribute } from '../onnx/proto.ts';
import type { TensorType, Value } from '../value.ts';

export interface VjpContext<A> {
  readonly attrs: A;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Cotangents of the outputs; undefined where the loss does not depend on an output. */
  readonly cotangents: readonly (Value | undefined)[];
  /** Which inputs a gradient is wanted for. */
  readonly needs: readonly boolean[];
}

/** Cotangent per input (same shape and dtype as the input), undefined where none flows or none is wanted. */
export type Vjp<A> = (context: VjpContext<A>) => readonly (Value | undefined)[];

/** One node of the ONNX graph, its inputs still as values or small constants. */
export interface OnnxForm {
  readonly op: string;
  readonly domain?: 'com.microsoft';
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** Constants that ONNX takes as trailing inputs; null leaves an optional input empty. */
  readonly extraInputs?: readonly (ConstantInput | null)[];
  /** 'alias': no node at all, the output is input number `aliasOf`. */
  readonly aliasOf?: number;
  /** Inputs that the node reads; the others serve the gradient alone. Without it, all. */
  readonly reads?: number;
}

export interface ConstantInput extends TensorType {
  readonly values: readonly number[];
}

export interface OpRow<A> {
  /** Types of the outputs; throws ShapeError for inputs it refuses. */
  infer(inputs: readonly TensorType[], attrs: A): readonly TensorType[];
  /** The gradient, or in words why there is none. */
  readonly vjp: Vjp<A> | { readonly none: string };
  /** Form in ONNX; without it, the op of the same name with no attributes. */
  lower?(attrs: A, inputs: readonly TensorType[]): OnnxForm;
}
