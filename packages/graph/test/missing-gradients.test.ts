// Reverse mode refuses what has no rule, by name, but only when a gradient really has to pass there.
import { describe, expect, it } from 'vitest';
import { evaluate } from './support/evaluate.ts';
import {
  f,
  Graph,
  GraphError,
  gradients,
  MissingGradientError,
  OPS,
  type OpName,
  ShapeError,
  type Value,
} from './support/face.ts';

type Build = (graph: Graph, x: Value) => Value;

const kernel = (x: Value): Value => f.reshape(x, [1, 1, 2, 2]);
const image = (graph: Graph): Value => graph.input('image', [1, 1, 5, 5]);

/** Ops without a rule between floats: x is [4]. */
const REFUSED: Partial<Record<OpName, Build>> = {
  Sign: (_, x) => f.sign(x),
  Round: (_, x) => f.round(x),
  ReduceMax: (_, x) => f.reduceMax(x, [0]),
};

/** Ops without a rule next to integers or truth values, which no gradient reaches. */
const DISCRETE: readonly OpName[] = ['GreaterOrEqual', 'LessOrEqual', 'And', 'ArgMax', 'OneHot'];

const withoutRule = (Object.keys(OPS) as OpName[]).filter((op) => typeof OPS[op].vjp !== 'function');

describe('ops without a gradient', () => {
  it('are all covered here', () => {
    expect(withoutRule.sort()).toEqual([...Object.keys(REFUSED), ...DISCRETE].sort());
  });

  it.each(Object.entries(REFUSED))('%s is refused by name and with a reason', (op, build) => {
    const graph = new Graph();
    const x = graph.input('x', [4]);
    const y = build(graph, f.mul(x, 2));
    expect(() => gradients(graph, y, [x])).toThrow(MissingGradientError);
    expect(() => gradients(graph, y, [x])).toThrow(new RegExp(`^${op} has no gradient: .{10,}`));
    expect(caught(() => gradients(graph, y, [x]))).toMatchObject({ op, code: 'GRAPH_MISSING_GRADIENT' });
  });

  it.each(Object.entries(REFUSED))('%s does no harm off the path', async (_op, build) => {
    const graph = new Graph();
    const [x, other] = [graph.input('x', [4]), graph.input('other', [4])];
    const mean = (y: Value) =>
      f.reduceMean(
        y,
        y.shape.map((_, i) => i),
      );
    const frozen = build(graph, other);
    const estimate = f.straightThrough(mean(x), mean(build(graph, x)));
    const stopped = f.stopGradient(mean(build(graph, x)));
    for (const loss of [f.mul(x, mean(frozen)), f.mul(x, estimate), f.mul(x, stopped)]) {
      expect(gradients(graph, loss, [x])[0]!.shape).toEqual([4]);
    }
    // The output of such an op may itself be what is differentiated by.
    const [dy] = gradients(graph, f.mul(frozen, 3), [frozen]) as [Value];
    expect((await evaluate(graph, { dy })).dy.every((v) => v === 3)).toBe(true);
  });

  it.each(Object.entries(REFUSED))('%s is no obstacle behind a value that stops the gradient', (_op, build) => {
    const graph = new Graph();
    const [x, other] = [graph.input('x', [4]), graph.input('other', [4])];
    for (const cut of [f.stopGradient(f.exp(x)), f.straightThrough(other, f.exp(x))]) {
      const before = graph.nodes.length;
      expect(gradients(graph, build(graph, cut), [x])[0]!.shape).toEqual([4]);
      const added = graph.nodes.slice(before).map((n) => n.op);
      expect(added).not.toContain('Mul');
    }
  });

  it.each(DISCRETE)('%s joins no two floats', (op) => {
    const graph = new Graph();
    const [x, i] = [graph.input('x', [2, 4]), graph.input('i', [2], 'int64')];
    const truth = f.greaterOrEqual(x, 0);
    const applied: Partial<Record<OpName, Value>> = {
      GreaterOrEqual: truth,
      LessOrEqual: f.lessOrEqual(x, 0),
      And: f.and(truth, truth),
      ArgMax: f.argMax(x, 1),
      OneHot: f.oneHot(i, 3),
    };
    const y = applied[op]!;
    if (y.origin.kind !== 'op') throw new Error(`${op} made no node`);
    const ends = [y.dtype, ...y.origin.node.inputs.map((v) => v.dtype)];
    expect(ends.some((dtype) => dtype !== 'float32')).toBe(true);
  });
});

describe('inputs without a gradient', () => {
  it('names Conv for the kernel of a strided convolution', () => {
    const graph = new Graph();
    const x = graph.input('x', [4]);
    const y = f.conv(image(graph), kernel(x), { strides: [2, 2] });
    expect(() => gradients(graph, y, [x])).toThrow(/^Conv has no gradient: for the kernel/);
  });

  it('names ConvTranspose for its kernel', () => {
    const graph = new Graph();
    const x = graph.input('x', [4]);
    const attrs = { strides: [2, 2], pads: [0, 0, 0, 0], height: 4, width: 4 } as const;
    const y = graph.op('ConvTranspose', [graph.input('y', [1, 1, 2, 2]), kernel(x)], attrs)[0]!;
    expect(() => gradients(graph, y, [x])).toThrow(/^ConvTranspose has no gradient: for the kernel/);
  });

  it('names DynamicQuantizeMatMul for its scales, and without the transposed matrix', () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const [b, zeroPoint] = [graph.constant([1, 2, 3, 4], [2, 2], 'int8'), graph.constant([0, 0], [2], 'int8')];
    const ones = graph.constant([1, 1], [2]);
    const rows = (value: Value) => f.reshape(value, [1, 2]);
    const alone = f.dynamicQuantizeMatMul(rows(x), { b, scale: ones, zeroPoint });
    expect(() => gradients(graph, alone, [x])).toThrow(
      /^DynamicQuantizeMatMul has no gradient: without the transposed/,
    );
    const scaled = f.dynamicQuantizeMatMul(rows(ones), { b, scale: x, zeroPoint });
    expect(() => gradients(graph, scaled, [x])).toThrow(/^DynamicQuantizeMatMul has no gradient: for the scales/);
  });

  it('names LayerNormalization for its statistics', () => {
    const graph = new Graph();
    const x = graph.input('x', [2, 4]);
    const p = graph.input('p', [4]);
    const [y, mean, inverse] = graph.op('LayerNormalization', [x, p, p], { epsilon: 1e-5 }) as [Value, Value, Value];
    for (const loss of [mean, f.mul(y, inverse)]) {
      expect(() => gradients(graph, loss, [x])).toThrow(/^LayerNormalization has no gradient: /);
    }
  });
});

describe('gradients refuses', () => {
  const graph = new Graph();
  const x = graph.input('x', [2]);
  const whole = graph.input('whole', [2], 'int64');
  const stranger = new Graph().input('x', [2]);

  const refusals: [string, () => unknown, new (...facts: never[]) => GraphError][] = [
    ['a loss that is not a float', () => gradients(graph, whole, [x]), GraphError],
    ['a loss of another graph', () => gradients(graph, stranger, [x]), GraphError],
    ['a variable of another graph', () => gradients(graph, x, [stranger]), GraphError],
    ['a variable that is not a float', () => gradients(graph, x, [whole]), GraphError],
    ['a seed of another shape', () => gradients(graph, x, [x], graph.scalar(1)), ShapeError],
    ['a seed of another type', () => gradients(graph, x, [x], f.cast(x, 'float16')), ShapeError],
    ['a seed of another graph', () => gradients(graph, x, [x], stranger), GraphError],
  ];

  it.each(refusals)('%s', (_name, act, kind) => {
    expect(act).toThrow(kind);
    expect(act).toThrow(/^gradients: [^\n]+$/);
  });
});

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
