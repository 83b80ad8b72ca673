// Exported models on ONNX Runtime: dtypes, names, outputs of every origin, attributes, sharing, determinism.
import { describe, expect, it } from 'vitest';
import { evaluate } from './support/evaluate.ts';
import { DTYPES, type DType, f, Graph, GraphError, gradients, toOnnx, type Value } from './support/face.ts';
import { readModel } from './support/protobuf.ts';

/** Types that only weights and values inside a graph have. */
const INNER: readonly DType[] = ['int8', 'bfloat16'];
const FED = (Object.keys(DTYPES) as DType[]).filter((dtype) => !INNER.includes(dtype));
const VALUES: Partial<Record<DType, number[]>> = {
  float32: [0.1, -1e30, Number.POSITIVE_INFINITY].map(Math.fround),
  float16: [0.5, -65504, 2 ** -24],
  uint8: [0, 7, 255],
  int32: [-(2 ** 31), 0, 2 ** 31 - 1],
  int64: [-(2 ** 40), 0, 2 ** 53 - 1],
  bool: [1, 0, 1],
};

describe('an exported model', () => {
  it.each(FED)('carries %s inputs and constants exactly', async (dtype) => {
    const graph = new Graph();
    const values = VALUES[dtype]!;
    const x = graph.input('x', [3], dtype);
    const outputs = { x2: x, c: graph.constant(values, [3], dtype), both: f.concat([x, x], 0) };
    expect(await evaluate(graph, outputs, { x: values })).toEqual({
      x2: values,
      c: values,
      both: [...values, ...values],
    });
  });

  it.each(INNER)('takes %s inside only', (dtype) => {
    const graph = new Graph();
    const refusal = new RegExp(`^[xy] is ${dtype}, which cannot be fed or fetched; cast it\\.$`);
    expect(() => toOnnx(graph, { y: f.cast(graph.input('x', [3], dtype), 'float32') })).toThrow(refusal);
    expect(() => toOnnx(graph, { y: f.cast(graph.input('z', [3]), dtype) })).toThrow(refusal);
  });

  it('carries int8 constants', async () => {
    const graph = new Graph();
    const y = f.cast(graph.constant([-128, 0, 127], [3], 'int8'), 'int32');
    expect(await evaluate(graph, { y })).toEqual({ y: [-128, 0, 127] });
  });

  it('refuses to make bfloat16 constants', () => {
    expect(() => new Graph().constant([1], [1], 'bfloat16')).toThrow(RangeError);
  });

  it('gives outputs that are inputs, constants, aliases, scalars or the same value twice', async () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const y = f.neg(x);
    const outputs = {
      input: x,
      constant: graph.constant([5, 6], [2]),
      scalar: graph.scalar(7),
      alias: f.stopGradient(y),
      aliasOfInput: f.stopGradient(f.stopGradient(x)),
      straight: f.straightThrough(x, y),
      once: y,
      twice: y,
    };
    expect(await evaluate(graph, outputs, { x: [1, 2] })).toEqual({
      input: [1, 2],
      constant: [5, 6],
      scalar: [7],
      alias: [-1, -2],
      aliasOfInput: [1, 2],
      straight: [-1, -2],
      once: [-1, -2],
      twice: [-1, -2],
    });
  });

  it('has only the inputs, nodes and constants that its outputs read', () => {
    const graph = new Graph();
    const [x, unused, estimated] = [graph.input('x', [2]), graph.input('unused', [2]), graph.input('estimated', [2])];
    f.exp(unused);
    // The first input of straightThrough matters to gradients only.
    const y = f.straightThrough(f.mul(estimated, 3), f.add(x, 1));
    const model = toOnnx(graph, { y });
    expect(model.inputs).toEqual([{ name: 'x', dtype: 'float32', shape: [2] }]);
    expect(model.outputs).toEqual([{ name: 'y', dtype: 'float32', shape: [2] }]);
    const { nodes, initializers } = readModel(model.bytes);
    expect(nodes.map((n) => n.op)).toEqual(['Add', 'Identity']);
    expect(initializers).toHaveLength(1);
  });

  it('keeps the order in which inputs were declared', () => {
    const graph = new Graph();
    const [b, a] = [graph.input('b', [1]), graph.input('a', [1])];
    expect(toOnnx(graph, { y: f.sub(a, b) }).inputs.map((i) => i.name)).toEqual(['b', 'a']);
  });

  it('takes any name for inputs and outputs, its own inner names and Unicode included', async () => {
    const graph = new Graph();
    const names = ['v1', 'c0', 'v4', 'Größe', '画像', 'a/b:0', '🪨'];
    const inputs = names.map((name) => graph.input(name, [2]));
    const sum = inputs.reduce((a, b) => f.add(a, b));
    const outputs = { v9: f.reshape(sum, [2, 1]), c1: f.split(sum, 0, [1, 1])[1]!, Σ: sum };
    const feeds = Object.fromEntries(names.map((name, i) => [name, [1, 10 ** i]]));
    expect(await evaluate(graph, outputs, feeds)).toEqual({ v9: [7, 1111111], c1: [1111111], Σ: [7, 1111111] });
  });

  it('refuses outputs that could not be told apart', () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    expect(() => toOnnx(graph, { x: f.neg(x) })).toThrow(/^The output x needs another name: an input has it\.$/);
    expect(() => toOnnx(graph, { '': x })).toThrow(GraphError);
    expect(() => toOnnx(graph, {})).toThrow(/^A model needs at least one output\.$/);
    expect(() => toOnnx(graph, { y: new Graph().input('y', [2]) })).toThrow(
      /^The output y belongs to another graph\.$/,
    );
  });

  it('writes negative whole numbers, reals and empty optional inputs', async () => {
    const graph = new Graph();
    const x = graph.input('x', [1, 1, 1, 2]);
    const outputs = {
      mean: f.reduceMean(x, [-1]),
      joined: f.concat([x, x], -2),
      quick: f.quickGelu(x),
      enlarged: f.upsampleNearest(x, 2),
    };
    const found = await evaluate(graph, outputs, { x: [1, -3] });
    expect(found.mean).toEqual([-1]);
    expect(found.joined).toEqual([1, -3, 1, -3]);
    expect(found.quick[0]).toBeCloseTo(1 / (1 + Math.exp(-1.702)), 6);
    expect(found.enlarged).toEqual([1, 1, -3, -3, 1, 1, -3, -3]);
    const { nodes } = readModel(toOnnx(graph, outputs).bytes);
    expect(nodes.find((n) => n.op === 'Resize')?.inputs[1]).toBe('');
    expect(nodes.find((n) => n.op === 'ReduceMean')?.attributes.axes).toEqual({ ints: [-1] });
    expect(nodes.find((n) => n.op === 'QuickGelu')?.attributes.alpha).toEqual({ float: Math.fround(1.702) });
  });

  it('writes shared subexpressions once', () => {
    const graph = new Graph();
    const x = graph.input('x', [4, 4]);
    const twice = f.add(f.softmax(f.matmul(x, x)), f.softmax(f.matmul(x, x)));
    const [dx] = gradients(graph, twice, [x]) as [Value];
    const { nodes, initializers } = readModel(toOnnx(graph, { twice, dx }).bytes);
    expect(nodes.filter((n) => n.op === 'Softmax')).toHaveLength(1);
    const written = nodes.map((n) => `${n.op} ${n.inputs} ${JSON.stringify(n.attributes)}`);
    expect(new Set(written.slice(0, -2)).size).toBe(written.length - 2);
    expect(new Set(initializers.map((t) => t.name)).size).toBe(initializers.length);
  });

  it('is the same bytes for the same graph', () => {
    const build = () => {
      const graph = new Graph();
      const x = graph.input('x', [2, 6]);
      const y = f.layerNormalization(x, graph.constant([1, 2, 3, 4, 5, 6], [6]), graph.input('b', [6]), 1e-5);
      const [dx] = gradients(graph, f.gelu(y), [x]) as [Value];
      return toOnnx(graph, { y, dx }).bytes;
    };
    expect(Buffer.compare(build(), build())).toBe(0);
  });

  it('says what it is: IR 8, opset 17 and com.microsoft 1, every node named', () => {
    const graph = new Graph();
    const model = readModel(toOnnx(graph, { y: f.gelu(graph.input('x', [3, 5])) }).bytes);
    expect(model.irVersion).toBe(8);
    expect(model.opsets).toEqual({ '': 17, 'com.microsoft': 1 });
    expect(model.nodes.map((n) => n.domain)).toEqual(['com.microsoft', '']);
    expect(new Set(model.nodes.map((n) => n.name)).size).toBe(2);
    expect(model.inputs).toEqual([{ name: 'x', dataType: 1, dims: [3, 5] }]);
    expect(model.outputs).toEqual([{ name: 'y', dataType: 1, dims: [3, 5] }]);
  });
});
