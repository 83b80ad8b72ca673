// Every op by name with its attributes. Names and meanings are those of ONNX unless a comment says otherwise.
import type { DType } from '../dtype.ts';
import type { Shape } from '../shape.ts';

type None = Record<never, never>;
interface Axis {
  readonly axis: number;
}
interface Reduction {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

export interface OpAttrs {
  Add: None;
  Sub: None;
  Mul: None;
  Div: None;
  Neg: None;
  Abs: None;
  Sign: None;
  Exp: None;
  Log: None;
  Sqrt: None;
  Reciprocal: None;
  Tanh: None;
  Sigmoid: None;
  Erf: None;
  Relu: None;
  Round: None;
  /** Exact GELU (erf), com.microsoft. */
  Gelu: None;
  /** GELU with the tanh approximation, com.microsoft FastGelu. */
  FastGelu: None;
  /** x sigmoid(alpha x), com.microsoft; alpha 1 is SiLU. */
  QuickGelu: { readonly alpha: number };
  Clip: { readonly min: number; readonly max: number };
  Cast: { readonly to: DType };
  Where: None;
  GreaterOrEqual: None;
  LessOrEqual: None;
  And: None;
  Reshape: { readonly shape: Shape };
  Transpose: { readonly perm: readonly number[] };
  Expand: { readonly shape: Shape };
  Concat: Axis;
  Split: Axis & { readonly sizes: readonly number[] };
  /** Unit steps. */
  Slice: { readonly axes: readonly number[]; readonly starts: readonly number[]; readonly ends: readonly number[] };
  /** Zeros around the tensor; one number per axis. */
  Pad: { readonly begins: readonly number[]; readonly ends: readonly number[] };
  Gather: Axis;
  /** Indices in 0 .. depth-1 to float rows, new last axis. */
  OneHot: { readonly depth: number; readonly dtype: DType };
  ReduceSum: Reduction;
  ReduceMean: Reduction;
  ReduceMax: Reduction;
  /** First index of the maximum, as int64; the axis is removed. */
  ArgMax: Axis;
  /** Over the last axis. */
  Softmax: None;
  MatMul: None;
  Gemm: { readonly transA: boolean; readonly transB: boolean };
  /** NCHW; pads top, left, bottom, right. */
  Conv: { readonly strides: readonly [number, number]; readonly pads: readonly [number, number, number, number] };
  /** The adjoint of Conv with the same attributes, giving `height` x `width`. */
  ConvTranspose: {
    readonly strides: readonly [number, number];
    readonly pads: readonly [number, number, number, number];
    readonly height: number;
    readonly width: number;
  };
  /** Non-overlapping windows of size x size. */
  AveragePool: { readonly size: number };
  /** Nearest-neighbour enlargement of height and width by a whole factor (ONNX Resize). */
  UpsampleNearest: { readonly factor: number };
  /** Channel order CRD: channel = c * block^2 + row * block + column. */
  DepthToSpace: { readonly block: number };
  /** Over the last axis; outputs y, mean, 1 / standard deviation. */
  LayerNormalization: { readonly epsilon: number };
  /**
   * A (float32) times B (int8, per-column scale and zero point), A quantised on the fly; com.microsoft DynamicQuantizeMatMul.
   * Three further inputs, B' in int8 with scales and zero points of its own, are what the gradient multiplies by.
   */
  DynamicQuantizeMatMul: None;
  /**
   * Forward the first input, which must be (x - mean) / std of the second over `axes`; the third is 1 / std.
   * The gradient is the closed form of that, with means taken axis by axis in the given order.
   */
  Standardize: { readonly axes: readonly number[] };
  /** Forward the second input, send the cotangent to the first (straight-through estimator). */
  StraightThrough: None;
  /** Identity without gradient. */
  StopGradient: None;
}

export type OpName = keyof OpAttrs;
