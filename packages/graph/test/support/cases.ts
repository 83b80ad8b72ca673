// A generator of random cases for every op of the table, or the reason why an op has none.
// Kinks (Abs, Relu, Clip) are kept further away than the differences reach.

import type { Case, CaseGenerator } from './case.ts';
import { f, type OpName, type Shape, type Value } from './face.ts';
import type { Random } from './random.ts';

export type CaseEntry = CaseGenerator | { readonly without: string };

const unary =
  (op: (x: Value) => Value, low = -2, high = 2, minRank = 0): CaseGenerator =>
  (c, r) =>
    op(c.variable(r.shape(minRank, 4), () => r.uniform(low, high)));

const awayFromZero =
  (op: (x: Value) => Value): CaseGenerator =>
  (c, r) =>
    op(c.variable(r.shape(0, 4), c.awayFromZero(0.4, 2)));

const binary =
  (op: (a: Value, b: Value) => Value): CaseGenerator =>
  (c, r) => {
    const shape = r.shape(0, 4);
    const [a, b] = r.shuffled([shape, r.narrower(shape)]) as [Shape, Shape];
    return op(c.variable(a), c.variable(b, c.awayFromZero(0.5, 2)));
  };

const someAxes = (r: Random, shape: Shape): number[] =>
  r
    .shuffled(shape.map((_, i) => i))
    .slice(0, r.integer(1, shape.length))
    .map((axis) => (r.coin() ? axis : axis - shape.length));

const reduction =
  (op: (x: Value, axes: readonly number[], keepDims: boolean) => Value): CaseGenerator =>
  (c, r) => {
    const shape = r.shape(1, 4);
    return op(c.variable(shape), someAxes(r, shape), r.coin());
  };

const image = (r: Random, channels: number, side = 5): Shape => [
  r.integer(1, 3),
  channels,
  r.integer(1, side),
  r.integer(1, side),
];

/** Strides, pads and a kernel size that leave at least one position; pads may exceed the kernel. */
function convolution(r: Random, unit: boolean) {
  const [kh, kw] = [r.integer(1, 3), r.integer(1, 3)];
  const stride = (): number => (unit ? 1 : r.integer(1, 3));
  return {
    taps: [kh, kw] as const,
    height: r.integer(kh, 6),
    width: r.integer(kw, 6),
    attrs: {
      strides: [stride(), stride()] as const,
      pads: [r.integer(0, 2), r.integer(0, 2), r.integer(0, 2), r.integer(0, 2)] as const,
    },
  };
}

function convCase(c: Case, r: Random): Value {
  const unit = r.coin();
  const { taps, height, width, attrs } = convolution(r, unit);
  const [n, i, o] = [r.integer(1, 2), r.integer(1, 3), r.integer(1, 3)];
  const x = c.variable([n, i, height, width]);
  const kernel = unit ? c.variable([o, i, ...taps]) : c.constant([o, i, ...taps], 'float32', () => r.uniform(-1, 1));
  return f.conv(x, kernel, { ...attrs, ...(r.coin() && { bias: c.variable([o]) }) });
}

function convTransposeCase(c: Case, r: Random): Value {
  const { taps, height, width, attrs } = convolution(r, false);
  const [n, i, o] = [r.integer(1, 2), r.integer(1, 3), r.integer(1, 3)];
  const kernel = c.constant([o, i, ...taps], 'float32', () => r.uniform(-1, 1));
  const steps = (size: number, before: number, after: number, k: number, stride: number) =>
    Math.floor((size + before + after - k) / stride) + 1;
  const [top, left, bottom, right] = attrs.pads;
  const y = c.variable([
    n,
    o,
    steps(height, top, bottom, taps[0], attrs.strides[0]),
    steps(width, left, right, taps[1], attrs.strides[1]),
  ]);
  return c.graph.op('ConvTranspose', [y, kernel], { ...attrs, height, width })[0]!;
}

function matmulCase(c: Case, r: Random): Value {
  const batch = r.shape(0, 2, 3);
  const [a, b] = r.shuffled([batch, r.narrower(batch)]) as [Shape, Shape];
  const [m, k, n] = [r.integer(1, 4), r.integer(1, 4), r.integer(1, 4)];
  return f.matmul(c.variable([...a, m, k]), c.variable([...b, k, n]));
}

function gemmCase(c: Case, r: Random): Value {
  const [m, k, n] = [r.integer(1, 4), r.integer(1, 4), r.integer(1, 4)];
  const [transA, transB] = [r.coin(), r.coin()];
  const a = c.variable(transA ? [k, m] : [m, k]);
  const b = c.variable(transB ? [n, k] : [k, n]);
  return f.gemm(a, b, { transA, transB, ...(r.coin() && { c: c.variable(r.narrower([m, n])) }) });
}

function whereCase(c: Case, r: Random): Value {
  const shape = r.shape(0, 4);
  const [s, a, b] = r.shuffled([shape, r.narrower(shape), r.narrower(shape)]) as [Shape, Shape, Shape];
  return f.where(
    c.constant(s, 'bool', () => Number(r.coin())),
    c.variable(a),
    c.variable(b),
  );
}

function gatherCase(c: Case, r: Random): Value {
  const shape = r.shape(1, 3);
  const axis = r.integer(0, shape.length - 1);
  const last = shape[axis]! - 1;
  const indices = c.constant(r.shape(0, 2), r.pick(['int64', 'int32']), () => r.integer(0, last));
  return f.gather(c.variable(shape), indices, r.coin() ? axis : axis - shape.length);
}

function concatCase(c: Case, r: Random): Value {
  const shape = r.shape(1, 4);
  const axis = r.integer(0, shape.length - 1);
  const parts = Array.from({ length: r.integer(2, 4) }, () =>
    c.variable(shape.map((d, i) => (i === axis ? r.integer(1, 4) : d))),
  );
  return f.concat(parts, r.coin() ? axis : axis - shape.length);
}

function splitCase(c: Case, r: Random): readonly Value[] {
  const shape = r.shape(0, 3);
  const axis = r.integer(0, shape.length);
  const sizes = Array.from({ length: r.integer(2, 4) }, () => r.integer(1, 3));
  const total = sizes.reduce((a, b) => a + b, 0);
  const x = c.variable([...shape.slice(0, axis), total, ...shape.slice(axis)]);
  const pieces = f.split(x, r.coin() ? axis : axis - shape.length - 1, sizes);
  const used = pieces.filter(() => r.coin());
  return used.length ? used : pieces;
}

function sliceCase(c: Case, r: Random): Value {
  const shape = r.shape(1, 4);
  const axes = r.shuffled(shape.map((_, i) => i)).slice(0, r.integer(1, shape.length));
  const starts = axes.map((axis) => r.integer(0, shape[axis]! - 1));
  const ends = axes.map((axis, i) => r.integer(starts[i]! + 1, shape[axis]!));
  return c.graph.op('Slice', [c.variable(shape)], { axes, starts, ends })[0]!;
}

function padCase(c: Case, r: Random): Value {
  const shape = r.shape(1, 4, 3);
  const sides = () => shape.map(() => r.integer(0, 2));
  return c.graph.op('Pad', [c.variable(shape)], { begins: sides(), ends: sides() })[0]!;
}

function reshapeCase(c: Case, r: Random): Value {
  const shape = r.shape(0, 4);
  const merged = shape.length > 1 ? [shape[0]! * shape[1]!, ...shape.slice(2)] : [1, ...shape, 1];
  return f.reshape(c.variable(shape), r.shuffled(merged));
}

function layerNormCase(c: Case, r: Random): Value {
  const width = r.integer(3, 6);
  // A ramp keeps every row's variance far from zero, where the function bends too fast for differences.
  let k = 0;
  const x = c.variable([...r.shape(0, 2), width], () => 1.5 * (k++ % width) + r.uniform(-1, 1));
  return f.layerNormalization(x, c.variable([width]), c.variable([width]), r.pick([1e-6, 1e-5, 0.1]));
}

function standardizeCase(c: Case, r: Random): Value {
  const shape = [...r.shape(0, 2), r.integer(3, 4), r.integer(3, 4)];
  const axes = r.shuffled([shape.length - 2, shape.length - 1]).slice(0, r.integer(1, 2));
  // A ramp keeps every variance far from zero, where the function bends too fast for differences.
  let k = 0;
  const x = c.variable(shape, () => 2 * (k++ % 12) + r.uniform(-0.5, 0.5));
  const centred = f.sub(x, f.reduceMean(x, axes, true));
  const inverse = f.reciprocal(f.sqrt(f.add(f.reduceMean(f.square(centred), axes, true), 1e-5)));
  return f.standardize(f.mul(centred, inverse), x, inverse, axes);
}

export const CASES: Readonly<Record<OpName, CaseEntry>> = {
  Add: binary(f.add),
  Sub: binary(f.sub),
  Mul: binary(f.mul),
  Div: binary(f.div),
  Neg: unary(f.neg),
  Abs: awayFromZero(f.abs),
  Sign: { without: 'its row has none' },
  Exp: unary(f.exp),
  Log: unary(f.log, 0.5, 4),
  Sqrt: unary(f.sqrt, 0.5, 4),
  Reciprocal: awayFromZero(f.reciprocal),
  Tanh: unary(f.tanh),
  Sigmoid: unary(f.sigmoid, -4, 4),
  Erf: unary(f.erf),
  Relu: awayFromZero(f.relu),
  Round: { without: 'its row has none' },
  Gelu: unary(f.gelu, -4, 4),
  FastGelu: unary(f.geluTanh, -4, 4, 1),
  QuickGelu: (c, r) => r.pick([f.quickGelu, f.silu])(c.variable(r.shape(0, 4), () => r.uniform(-4, 4))),
  Clip: (c, r) =>
    f.clip(
      c.variable(r.shape(0, 4), () => r.pick([-1, 0, 1]) * 1.2 + r.uniform(-0.4, 0.4)),
      -0.6,
      0.6,
    ),
  Cast: (c, r) => c.graph.op('Cast', [c.variable(r.shape(0, 4))], { to: 'float32' })[0]!,
  Where: whereCase,
  GreaterOrEqual: { without: 'its row has none' },
  LessOrEqual: { without: 'its row has none' },
  And: { without: 'its row has none' },
  Reshape: reshapeCase,
  Transpose: (c, r) => {
    const shape = r.shape(0, 5, 3);
    return c.graph.op('Transpose', [c.variable(shape)], { perm: r.shuffled(shape.map((_, i) => i)) })[0]!;
  },
  Expand: (c, r) => {
    const shape = r.shape(0, 4);
    return c.graph.op('Expand', [c.variable(r.narrower(shape))], { shape })[0]!;
  },
  Concat: concatCase,
  Split: splitCase,
  Slice: sliceCase,
  Pad: padCase,
  Gather: gatherCase,
  OneHot: { without: 'its row has none' },
  ReduceSum: reduction(f.reduceSum),
  ReduceMean: reduction(f.reduceMean),
  ReduceMax: { without: 'its row has none' },
  ArgMax: { without: 'its row has none' },
  Softmax: (c, r) => f.softmax(c.variable(r.shape(1, 4))),
  MatMul: matmulCase,
  Gemm: gemmCase,
  Conv: convCase,
  ConvTranspose: convTransposeCase,
  AveragePool: (c, r) => {
    const size = r.integer(1, 3);
    const [n, channels, h, w] = image(r, r.integer(1, 3), 3) as [number, number, number, number];
    return f.averagePool(c.variable([n, channels, h * size, w * size]), size);
  },
  UpsampleNearest: (c, r) => f.upsampleNearest(c.variable(image(r, r.integer(1, 3), 4)), r.integer(1, 3)),
  DepthToSpace: (c, r) => {
    const block = r.integer(1, 3);
    return f.depthToSpace(c.variable(image(r, block * block * r.integer(1, 2), 3)), block);
  },
  LayerNormalization: layerNormCase,
  Standardize: standardizeCase,
  DynamicQuantizeMatMul: {
    without: 'it rounds, so it has no slope; int8-products.test.ts compares with the exact product',
  },
  StraightThrough: { without: 'its gradient is not its slope, by design; compositions.test.ts checks it' },
  StopGradient: { without: 'its gradient is not its slope, by design; compositions.test.ts checks it' },
};
