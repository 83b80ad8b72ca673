// Gradients of compositions against central differences, and what reverse mode does at the special ops.
import { describe, expect, it } from 'vitest';
import type { CaseGenerator } from './support/case.ts';
import { compareGradients } from './support/differences.ts';
import { evaluate } from './support/evaluate.ts';
import { f, Graph, gradients, numElements, type Value } from './support/face.ts';
import { Random, SEED } from './support/random.ts';

const HEADS = 2;

/** A pre-norm transformer block as the models have it: attention and MLP, each added to its input. */
const residualBlock: CaseGenerator = (c, r) => {
  const [items, width] = [r.integer(2, 4), 6];
  const weight = (...shape: number[]) => c.constant(shape, 'float32', () => r.uniform(-0.5, 0.5));
  const norm = (x: Value) => f.layerNormalization(x, weight(width), weight(width), 1e-2);
  const linear = (x: Value, out: number) => f.gemm(x, weight(out, x.shape[1]!), { transB: true, c: weight(out) });
  const heads = (x: Value) => f.transpose(f.reshape(x, [items, HEADS, width / HEADS]), [1, 0, 2]);
  const x = c.variable([items, width]);
  const [q, k, v] = f.split(linear(norm(x), 3 * width), 1, [width, width, width]).map(heads) as [Value, Value, Value];
  const attention = f.softmax(f.mul(f.matmul(q, f.transpose(k, [0, 2, 1])), (width / HEADS) ** -0.5));
  const mixed = f.reshape(f.transpose(f.matmul(attention, v), [1, 0, 2]), [items, width]);
  const y = f.add(x, linear(mixed, width));
  return f.add(y, linear(f.gelu(linear(norm(y), 2 * width)), width));
};

/** GroupNorm with its statistics reduced axis by axis, then SiLU and a convolution. */
const groupNormConv: CaseGenerator = (c, r) => {
  const [n, channels, groups, side] = [r.integer(1, 2), 4, 2, r.integer(3, 4)];
  const shape = [n, channels, side, side];
  const x = c.variable(shape);
  const grouped = f.reshape(x, [n, groups, (channels / groups) * side, side]);
  const mean = (y: Value) => f.reduceMean(f.reduceMean(y, [3], true), [2], true);
  const centred = f.sub(grouped, mean(grouped));
  const normal = f.div(centred, f.sqrt(f.add(mean(f.square(centred)), 1e-3)));
  const scaled = f.mul(f.reshape(normal, shape), c.variable([channels, 1, 1]));
  return f.conv(f.silu(scaled), c.variable([3, channels, 3, 3]), { pads: [1, 1, 1, 1] });
};

const compositions: Readonly<Record<string, CaseGenerator>> = {
  'residual attention block': residualBlock,
  'GroupNorm in two stages, SiLU, convolution': groupNormConv,
  'value used many times': (c) => {
    const x = c.variable([3]);
    const y = f.mul(x, f.tanh(x));
    return f.add(f.mul(y, y), f.concat([f.slice(x, 0, 0, 1), f.slice(y, 0, 1, 3)], 0));
  },
  'some pieces of a split': (c) => f.tanh(f.split(c.variable([7]), 0, [2, 1, 4])[2]!),
  'upsampling undone by pooling': (c) => f.square(f.averagePool(f.upsampleNearest(c.variable([1, 2, 3, 3]), 2), 2)),
  'unit vectors': (c) => f.l2Normalize(c.variable([3, 5])),
  'softmax over codes times a codebook': (c, r) =>
    f.gemm(
      f.softmax(c.variable([3, 6])),
      c.constant([6, 4], 'float32', () => r.uniform(-1, 1)),
    ),
  'gradient of a gradient': (c) => {
    const x = c.variable([4, 3]);
    return secondOrder(c.graph, f.softmax(f.tanh(f.mul(x, f.sigmoid(x)))), x);
  },
  'gradient of a gradient through a convolution': (c) => {
    const x = c.variable([1, 2, 4, 4]);
    return secondOrder(c.graph, f.gelu(f.conv(x, c.variable([2, 2, 2, 2]))), x);
  },
  'gradient of a gradient through a broadcast product': (c) => {
    const x = c.variable([2, 3, 2]);
    return secondOrder(c.graph, f.exp(f.matmul(x, c.variable([2, 3]))), x);
  },
};

function secondOrder(graph: Graph, y: Value, x: Value): Value {
  return gradients(graph, f.mul(f.square(y), 0.1), [x])[0]!;
}

describe(`gradients of compositions, seed ${SEED}`, () => {
  it.each(Object.entries(compositions))('%s', async (_name, generate) => {
    for (const { error, label } of await compareGradients(generate, new Random(SEED), 5)) {
      expect(error, `seed ${SEED}: ${label}`).toBeLessThan(1e-3);
    }
  });
});

describe('reverse mode', () => {
  it('gives zeros for inputs the loss does not depend on', async () => {
    const graph = new Graph();
    const [x, unused] = [graph.input('x', [2]), graph.input('unused', [2, 3])];
    const [dx, du] = gradients(graph, f.reduceSum(f.square(x), [0]), [x, unused]) as [Value, Value];
    expect(await evaluate(graph, { dx, du }, { x: [1, -3] })).toEqual({ dx: [2, -6], du: [0, 0, 0, 0, 0, 0] });
  });

  it('gives ones for the loss itself, and gradients for values in the middle', async () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const middle = f.mul(x, 3);
    const loss = f.square(middle);
    const [dl, dm] = gradients(graph, loss, [loss, middle]) as [Value, Value];
    expect(await evaluate(graph, { dl, dm }, { x: [1, 2] })).toEqual({ dl: [1, 1], dm: [6, 12] });
  });

  it('starts from the seed', async () => {
    const graph = new Graph();
    const x = graph.input('x', [3]);
    const [dx] = gradients(graph, f.square(x), [x], graph.constant([1, 10, 0], [3])) as [Value];
    expect(await evaluate(graph, { dx }, { x: [1, 2, 3] })).toEqual({ dx: [2, 40, 0] });
  });

  it('sends the straight-through cotangent to the first input only, and forwards the second exactly', async () => {
    const graph = new Graph();
    const [x, w] = [graph.input('x', [3]), graph.input('w', [3])];
    const forward = f.mul(f.round(x), w);
    const y = f.straightThrough(x, forward);
    const [dx, dw] = gradients(graph, f.mul(y, 2), [x, w]) as [Value, Value];
    const found = await evaluate(graph, { y, forward, dx, dw }, { x: [0.4, 1.6, -2.3], w: [1, 0.1, 3] });
    expect(found.y).toEqual(found.forward);
    expect(found.dx).toEqual([2, 2, 2]);
    expect(found.dw).toEqual([0, 0, 0]);
  });

  it('sends nothing through stopGradient', async () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const y = f.mul(f.stopGradient(x), x);
    const [dx] = gradients(graph, y, [x]) as [Value];
    expect(await evaluate(graph, { y, dx }, { x: [3, -2] })).toEqual({ y: [9, 4], dx: [3, -2] });
  });

  it('treats indices and truth values as constants', async () => {
    const graph = new Graph();
    const x = graph.input('x', [3]);
    const largest = f.mul(f.oneHot(f.argMax(f.reshape(x, [1, 3]), 1), 3), x);
    const positive = f.mul(f.cast(f.greaterOrEqual(x, 0), 'float32'), x);
    const [dx] = gradients(graph, f.reduceSum(f.add(largest, positive), [0, 1]), [x]) as [Value];
    expect(await evaluate(graph, { dx }, { x: [-1, 2, 1] })).toEqual({ dx: [0, 2, 1] });
  });

  it('takes the conventions of PyTorch at kinks', async () => {
    const graph = new Graph();
    const x = graph.input('x', [3]);
    const of = (y: Value): Value => gradients(graph, y, [x])[0]!;
    const outputs = { relu: of(f.relu(x)), abs: of(f.abs(x)), clip: of(f.clip(x, 0, 1)) };
    expect(await evaluate(graph, outputs, { x: [0, 1, 2] })).toEqual({
      relu: [0, 1, 1],
      abs: [0, 1, 1],
      clip: [1, 1, 0],
    });
  });

  it('stays finite where a vector to normalise is zero', async () => {
    const graph = new Graph();
    const x = graph.input('x', [2, 3]);
    const y = f.l2Normalize(x);
    const [dx] = gradients(graph, f.mul(y, 1e-12), [x]) as [Value];
    const found = await evaluate(graph, { y, dx }, { x: [0, 0, 0, 3, 0, 4] });
    expect(found.y.slice(0, 3)).toEqual([0, 0, 0]);
    // As in PyTorch, the slope at zero is 1 / epsilon.
    found.dx.slice(0, 3).forEach((g) => {
      expect(g).toBeCloseTo(1, 5);
    });
    expect(found.dx.slice(3).every(Number.isFinite)).toBe(true);
  });

  it('stays finite where an activation saturates', async () => {
    const graph = new Graph();
    const x = graph.input('x', [4]);
    const of = (y: Value): Value => gradients(graph, y, [x])[0]!;
    const slopes = { exact: of(f.gelu(x)), tanh: of(f.geluTanh(x)), silu: of(f.silu(x)), softmax: of(f.softmax(x)) };
    expect(await evaluate(graph, slopes, { x: [1e20, -1e20, 30, -200] })).toEqual({
      exact: [1, 0, 1, 0].map((v) => expect.closeTo(v, 6)),
      tanh: [1, 0, 1, 0].map((v) => expect.closeTo(v, 6)),
      silu: [1, 0, 1, 0].map((v) => expect.closeTo(v, 6)),
      softmax: [0, 0, 0, 0],
    });
  });

  it('adds no node for what is not asked', () => {
    const graph = new Graph();
    const [x, w] = [graph.input('x', [4, 4]), graph.input('w', [4, 4])];
    const loss = f.reduceSum(f.matmul(x, w), [0, 1]);
    gradients(graph, loss, [x]);
    const products = graph.nodes.filter((n) => n.op === 'MatMul');
    expect(products).toHaveLength(2);
    expect(products.every((n) => numElements(n.outputs[0]!.shape) === 16)).toBe(true);
  });
});
