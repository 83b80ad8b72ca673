// Building graphs: names, sharing, foreign values, constants and weights.
import { describe, expect, it } from 'vitest';
import { evaluate } from './support/evaluate.ts';
import { f, Graph, GraphError, ShapeError, type Value } from './support/face.ts';

describe('a graph', () => {
  it('refuses a second input of the same name, and one without a name', () => {
    const graph = new Graph();
    graph.input('x', [2]);
    expect(() => graph.input('x', [3])).toThrow(/^The graph already has an input named x\.$/);
    expect(() => graph.input('', [3])).toThrow(GraphError);
  });

  it('refuses shapes that are not made of positive whole numbers', () => {
    for (const shape of [[0], [-1, 2], [1.5], [Number.NaN]]) {
      expect(() => new Graph().input('x', shape)).toThrow(ShapeError);
    }
  });

  it('refuses values of another graph, naming the op', () => {
    const x = new Graph().input('x', [2]);
    const graph = new Graph();
    expect(() => graph.op('Add', [graph.input('y', [2]), x], {})).toThrow(/^Add: an input belongs to another graph\.$/);
  });

  it('shares equal subexpressions, constants and weights', () => {
    const graph = new Graph();
    const x = graph.input('x', [2, 3]);
    expect(f.exp(x)).toBe(f.exp(x));
    expect(f.mul(x, 2)).toBe(f.mul(x, 2));
    expect(f.reduceSum(x, [0])).not.toBe(f.reduceSum(x, [1]));
    expect(f.mul(x, 0)).not.toBe(f.mul(x, -0));
    const ref = { name: 'w', file: '/w', offset: 8, length: 8, dtype: 'float32', shape: [2] } as const;
    expect(graph.weight(ref)).toBe(graph.weight({ ...ref }));
    expect(graph.weight(ref)).not.toBe(graph.weight({ ...ref, offset: 16 }));
    expect(graph.weight(ref)).not.toBe(graph.weight({ ...ref, shape: [1, 2] }));
    const large = Array.from({ length: 300 }, (_, i) => i);
    expect(graph.constant(large, [300])).not.toBe(graph.constant(large, [300]));
  });

  it('keeps apart attributes that JSON would not', () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const clip = (min: number, max: number): Value => graph.op('Clip', [x], { min, max })[0]!;
    expect(clip(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY)).not.toBe(
      clip(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
    );
  });

  it('refuses constants that do not fill their shape', () => {
    expect(() => new Graph().constant([1, 2], [3])).toThrow(/^constant: 2 values do not fill shape \[3\]$/);
  });

  it('refuses weights whose bytes do not fill their shape', () => {
    const ref = { name: 'w', file: '/w', offset: 0, length: 7, dtype: 'float32', shape: [2] } as const;
    expect(() => new Graph().weight(ref)).toThrow(/^weight: w has 7 bytes, float32\[2\] takes 8$/);
  });

  it('does not see later changes of the arrays it was given', async () => {
    const graph = new Graph();
    const values = new Float32Array([1, 2]);
    const shape = [2];
    const c = graph.constant(values, shape);
    values[0] = 9;
    shape[0] = 9;
    expect(c.shape).toEqual([2]);
    expect(await evaluate(graph, { c })).toEqual({ c: [1, 2] });
  });
});

describe('shortcuts of the functional face', () => {
  it('return the value itself where nothing changes', () => {
    const x = new Graph().input('x', [2, 3]);
    const same = [
      f.reshape(x, [2, 3]),
      f.transpose(x, [0, 1]),
      f.expand(x, [2, 3]),
      f.concat([x], 0),
      f.slice(x, 1, 0, 3),
      f.pad(x, [0, 0], [0, 0]),
      f.cast(x, 'float32'),
      f.reduceSum(x, []),
      f.sumTo(x, [2, 3]),
    ];
    for (const y of same) expect(y).toBe(x);
  });

  it('do not hide bad arguments', () => {
    const x = new Graph().input('x', [2, 3]);
    expect(() => f.transpose(x, [0])).toThrow(ShapeError);
    expect(() => f.transpose(x, [])).toThrow(ShapeError);
    expect(() => f.pad(x, [0], [0])).toThrow(ShapeError);
    expect(() => f.slice(x, 2, 0, 1)).toThrow(ShapeError);
    expect(() => f.concat([], 0)).toThrow(GraphError);
  });
});
