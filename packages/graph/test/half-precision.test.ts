// The same functions in float16 and float32: forward and gradients stay close, on the CPU provider.
import { describe, expect, it } from 'vitest';
import { evaluate } from './support/evaluate.ts';
import { type FloatDType, f, Graph, gradients, numElements, type Shape, type Value } from './support/face.ts';
import { Random, SEED } from './support/random.ts';

type Weights = (shape: Shape) => Value;
type Function = { readonly shape: Shape; readonly of: (x: Value, weight: Weights) => Value };

const FUNCTIONS: Readonly<Record<string, Function>> = {
  'linear layer': { shape: [4, 8], of: (x, w) => f.gemm(x, w([6, 8]), { transB: true, c: w([6]) }) },
  'batched product': { shape: [2, 3, 4], of: (x, w) => f.matmul(x, w([2, 4, 3])) },
  attention: {
    shape: [2, 4, 6],
    of: (x) => f.matmul(f.softmax(f.mul(f.matmul(x, f.transpose(x, [0, 2, 1])), 0.4)), x),
  },
  'layer normalisation': { shape: [3, 8], of: (x, w) => f.layerNormalization(x, w([8]), w([8]), 1e-5) },
  activations: { shape: [3, 5], of: (x) => f.add(f.gelu(x), f.add(f.silu(x), f.add(f.geluTanh(x), f.quickGelu(x)))) },
  'elementary functions': {
    shape: [3, 5],
    of: (x) => f.mul(f.tanh(x), f.div(f.exp(f.mul(x, 0.5)), f.add(f.sqrt(f.add(f.square(x), 1)), f.sigmoid(x)))),
  },
  convolution: { shape: [1, 3, 6, 6], of: (x, w) => f.conv(x, w([4, 3, 3, 3]), { bias: w([4]), pads: [1, 1, 1, 1] }) },
  'strided convolution': { shape: [1, 3, 6, 6], of: (x, w) => f.conv(x, w([4, 3, 2, 2]), { strides: [2, 2] }) },
  resampling: { shape: [1, 4, 4, 4], of: (x) => f.averagePool(f.depthToSpace(f.upsampleNearest(x, 2), 2), 4) },
  layout: {
    shape: [4, 4],
    of: (x) =>
      f.pad(
        f.concat([f.slice(x, 0, 1, 3), f.split(x, 1, [2, 2]).map((s) => f.reshape(s, [2, 4]))[0]!], 0),
        [1, 0],
        [0, 2],
      ),
  },
  'embedding lookup': {
    shape: [5, 3],
    of: (x) => f.gather(x, x.graph.constant([4, 0, 4, 2], [2, 2], 'int64')),
  },
  'masked and clipped': {
    shape: [3, 4],
    of: (x) => f.where(f.greaterOrEqual(x, 0.1), f.clip(x, -1, 0.7), f.relu(f.abs(x))),
  },
  'unit vectors of every size': {
    shape: [3, 4],
    of: (x) => f.l2Normalize(f.mul(x, x.graph.constant([300, 1, 1e-3], [3, 1], x.dtype))),
  },
  'group statistics': {
    shape: [2, 3, 4],
    of: (x) => {
      const mean = (y: Value) => f.reduceMean(f.reduceMean(y, [2], true), [1], true);
      const centred = f.sub(x, mean(x));
      const inverse = f.reciprocal(f.sqrt(f.add(mean(f.square(centred)), 1e-3)));
      return f.standardize(f.mul(centred, inverse), x, inverse, [2, 1]);
    },
  },
};

/** Output and gradient of the function with its inside in `dtype`; both ends are float32. */
async function outcome({ shape, of }: Function, dtype: FloatDType) {
  const random = new Random(SEED);
  const values = random.fill(shape, () => random.uniform(-1.5, 1.5));
  const graph = new Graph();
  const x = graph.input('x', shape);
  const weight = (s: Shape) =>
    graph.constant(
      random.fill(s, () => random.uniform(-1, 1)),
      s,
      dtype,
    );
  const inner = of(f.cast(x, dtype), weight);
  expect(inner.dtype).toBe(dtype);
  const y = f.cast(inner, 'float32');
  const cotangent = graph.constant(
    random.fill(y.shape, () => random.uniform(-1, 1)),
    y.shape,
  );
  const [dx] = gradients(graph, y, [x], cotangent) as [Value];
  return evaluate(graph, { y, dx }, { x: values });
}

function distance(a: readonly number[], b: readonly number[]): number {
  const norm = (v: readonly number[]) => Math.hypot(...v);
  return norm(a.map((v, i) => v - b[i]!)) / norm(b);
}

describe(`float16 against float32, seed ${SEED}`, () => {
  it.each(Object.entries(FUNCTIONS))('%s', async (_name, fn) => {
    const [half, single] = [await outcome(fn, 'float16'), await outcome(fn, 'float32')];
    expect(half.y).not.toHaveLength(0);
    expect(half.dx).toHaveLength(numElements(fn.shape));
    // A half has 11 bits: 5e-4 per operation, and a few operations in a row.
    expect(distance(half.y, single.y)).toBeLessThan(4e-3);
    expect(distance(half.dx, single.dx)).toBeLessThan(8e-3);
  });
});
