// Ops as functions of values: what models and gradient rules are written in.
import type { DType } from './dtype.ts';
import { GraphError } from './errors.ts';
import type { OpAttrs, OpName } from './ops/names.ts';
import { normaliseAxis, type Shape, sameShape } from './shape.ts';
import type { Value } from './value.ts';

/** A second operand: a value, or a number that becomes a scalar of the first operand's dtype. */
export type Operand = Value | number;

function apply<K extends OpName>(op: K, inputs: readonly Value[], attrs: OpAttrs[K]): Value {
  return inputs[0]!.graph.op(op, inputs, attrs)[0]!;
}

function operand(a: Value, b: Operand): Value {
  return typeof b === 'number' ? a.graph.scalar(b, a.dtype) : b;
}

export const add = (a: Value, b: Operand): Value => apply('Add', [a, operand(a, b)], {});
export const sub = (a: Value, b: Operand): Value => apply('Sub', [a, operand(a, b)], {});
export const mul = (a: Value, b: Operand): Value => apply('Mul', [a, operand(a, b)], {});
export const div = (a: Value, b: Operand): Value => apply('Div', [a, operand(a, b)], {});
export const neg = (x: Value): Value => apply('Neg', [x], {});
export const abs = (x: Value): Value => apply('Abs', [x], {});
export const sign = (x: Value): Value => apply('Sign', [x], {});
export const exp = (x: Value): Value => apply('Exp', [x], {});
export const log = (x: Value): Value => apply('Log', [x], {});
export const sqrt = (x: Value): Value => apply('Sqrt', [x], {});
export const reciprocal = (x: Value): Value => apply('Reciprocal', [x], {});
export const tanh = (x: Value): Value => apply('Tanh', [x], {});
export const sigmoid = (x: Value): Value => apply('Sigmoid', [x], {});
export const erf = (x: Value): Value => apply('Erf', [x], {});
export const relu = (x: Value): Value => apply('Relu', [x], {});
export const round = (x: Value): Value => apply('Round', [x], {});
export const square = (x: Value): Value => mul(x, x);

/** Exact GELU. */
export const gelu = (x: Value): Value => apply('Gelu', [x], {});
/** GELU with the tanh approximation. */
export const geluTanh = (x: Value): Value => apply('FastGelu', [x], {});
/** x sigmoid(1.702 x), the activation of OpenAI's CLIP. */
export const quickGelu = (x: Value): Value => apply('QuickGelu', [x], { alpha: 1.702 });
/** x sigmoid(x). */
export const silu = (x: Value): Value => apply('QuickGelu', [x], { alpha: 1 });

export const clip = (x: Value, min: number, max: number): Value => apply('Clip', [x], { min, max });
export const cast = (x: Value, to: DType): Value => (x.dtype === to ? x : apply('Cast', [x], { to }));
export const where = (condition: Value, a: Value, b: Value): Value => apply('Where', [condition, a, b], {});
export const greaterOrEqual = (a: Value, b: Operand): Value => apply('GreaterOrEqual', [a, operand(a, b)], {});
export const lessOrEqual = (a: Value, b: Operand): Value => apply('LessOrEqual', [a, operand(a, b)], {});
export const and = (a: Value, b: Value): Value => apply('And', [a, b], {});

export const reshape = (x: Value, shape: Shape): Value =>
  sameShape(x.shape, shape) ? x : apply('Reshape', [x], { shape });

export function transpose(x: Value, perm: readonly number[]): Value {
  return perm.length === x.shape.length && perm.every((p, i) => p === i) ? x : apply('Transpose', [x], { perm });
}

export const expand = (x: Value, shape: Shape): Value =>
  sameShape(x.shape, shape) ? x : apply('Expand', [x], { shape });

/** @throws GraphError for no values at all. */
export function concat(values: readonly Value[], axis: number): Value {
  if (!values.length) throw new GraphError('concat: needs at least one value.');
  return values.length === 1 ? values[0]! : apply('Concat', values, { axis });
}

/** Consecutive pieces of the given lengths along `axis`. */
export const split = (x: Value, axis: number, sizes: readonly number[]): readonly Value[] =>
  x.graph.op('Split', [x], { axis, sizes });

/** Elements start .. end-1 of one axis. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  const along = normaliseAxis('Slice', axis, x.shape.length);
  if (start === 0 && end === x.shape[along]) return x;
  return apply('Slice', [x], { axes: [along], starts: [start], ends: [end] });
}

export function pad(x: Value, begins: readonly number[], ends: readonly number[]): Value {
  const sides = [...begins, ...ends];
  return sides.length === 2 * x.shape.length && sides.every((n) => n === 0) ? x : apply('Pad', [x], { begins, ends });
}

/** Slices of `data` along `axis` at integer `indices` (any shape, in place of the axis). */
export const gather = (data: Value, indices: Value, axis = 0): Value => apply('Gather', [data, indices], { axis });

export const oneHot = (indices: Value, depth: number, dtype: DType = 'float32'): Value =>
  apply('OneHot', [indices], { depth, dtype });

/** Over no axes, a reduction is the value itself. */
function reduce(
  op: 'ReduceSum' | 'ReduceMean' | 'ReduceMax',
  x: Value,
  axes: readonly number[],
  keepDims: boolean,
): Value {
  return axes.length ? apply(op, [x], { axes, keepDims }) : x;
}

export const reduceSum = (x: Value, axes: readonly number[], keepDims = false): Value =>
  reduce('ReduceSum', x, axes, keepDims);
export const reduceMean = (x: Value, axes: readonly number[], keepDims = false): Value =>
  reduce('ReduceMean', x, axes, keepDims);
export const reduceMax = (x: Value, axes: readonly number[], keepDims = false): Value =>
  reduce('ReduceMax', x, axes, keepDims);
export const argMax = (x: Value, axis: number): Value => apply('ArgMax', [x], { axis });
export const softmax = (x: Value): Value => apply('Softmax', [x], {});

export const matmul = (a: Value, b: Value): Value => apply('MatMul', [a, b], {});

/** op(a) op(b) + c for matrices; `c` broadcasts. */
export function gemm(a: Value, b: Value, options: { c?: Value; transA?: boolean; transB?: boolean } = {}): Value {
  const { c, transA = false, transB = false } = options;
  return apply('Gemm', c ? [a, b, c] : [a, b], { transA, transB });
}

export interface ConvOptions {
  readonly bias?: Value;
  readonly strides?: readonly [number, number];
  /** top, left, bottom, right */
  readonly pads?: readonly [number, number, number, number];
}

/** NCHW convolution with an OIHW kernel. */
export function conv(x: Value, kernel: Value, options: ConvOptions = {}): Value {
  const { bias, strides = [1, 1], pads = [0, 0, 0, 0] } = options;
  return apply('Conv', bias ? [x, kernel, bias] : [x, kernel], { strides, pads });
}

export const averagePool = (x: Value, size: number): Value => apply('AveragePool', [x], { size });
export const upsampleNearest = (x: Value, factor: number): Value => apply('UpsampleNearest', [x], { factor });
export const depthToSpace = (x: Value, block: number): Value => apply('DepthToSpace', [x], { block });

export const layerNormalization = (x: Value, scale: Value, bias: Value, epsilon: number): Value =>
  apply('LayerNormalization', [x, scale, bias], { epsilon });

/** An int8 matrix with a float32 scale and an int8 zero point per column. */
export interface Int8Operand {
  readonly b: Value;
  readonly scale: Value;
  readonly zeroPoint: Value;
}

/** a times the matrix, a rounded to 8 bits at run time. `transposed`, the same matrix the other way round, gives it a gradient. */
export const dynamicQuantizeMatMul = (a: Value, matrix: Int8Operand, transposed?: Int8Operand): Value =>
  apply(
    'DynamicQuantizeMatMul',
    [a, ...[matrix, transposed].flatMap((m) => (m ? [m.b, m.scale, m.zeroPoint] : []))],
    {},
  );

export const standardize = (normal: Value, x: Value, inverse: Value, axes: readonly number[]): Value =>
  apply('Standardize', [normal, x, inverse], { axes });

export const straightThrough = (x: Value, forward: Value): Value => apply('StraightThrough', [x, forward], {});
export const stopGradient = (x: Value): Value => apply('StopGradient', [x], {});

/** x / max(|x|, epsilon) over the last axis. Source: torch.nn.functional.normalize, epsilon 1e-12. */
export function l2Normalize(x: Value, epsilon = 1e-12): Value {
  // In float32: squares of halves over- and underflow. The floor is below the root, whose slope is infinite at zero.
  const wide = cast(x, 'float32');
  const squares = reduceSum(square(wide), [x.shape.length - 1], true);
  return cast(div(wide, sqrt(clip(squares, epsilon * epsilon, 3e38))), x.dtype);
}

/** Sums `x` over the axes along which `shape` was broadcast to it. */
export function sumTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((d, i) => (i < lead || (shape[i - lead] === 1 && d !== 1) ? [i] : []));
  return reshape(reduceSum(x, axes, true), shape);
}

export function zeros(like: Value): Value {
  return expand(like.graph.scalar(0, like.dtype), like.shape);
}
