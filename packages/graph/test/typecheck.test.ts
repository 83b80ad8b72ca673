// A graph that was tampered with is caught before it is written.
import { describe, expect, it } from 'vitest';
import { f, Graph, gradients, type Node, TypecheckError, toOnnx, typecheck, type Value } from './support/face.ts';

function example(): { graph: Graph; y: Value; node: Node } {
  const graph = new Graph();
  const x = graph.input('x', [2, 3]);
  const y = f.tanh(f.add(x, graph.input('b', [3])));
  const node = graph.nodes[0]!;
  return { graph, y, node };
}

/** Overwrites a field that the types call readonly, as a faulty program could. */
const tamper = (target: object, fields: object): void => void Object.assign(target, fields);

describe('typecheck', () => {
  it('accepts what the graph built, gradients included', () => {
    const { graph, y } = example();
    gradients(graph, y, [...graph.inputs.values()]);
    expect(() => typecheck(graph)).not.toThrow();
  });

  it('catches a recorded shape', () => {
    const { graph, y, node } = example();
    tamper(node.outputs[0]!, { shape: [3, 2] });
    expect(() => typecheck(graph)).toThrow(TypecheckError);
    expect(() => typecheck(graph)).toThrow(
      /^Add #0: output 0 is recorded as float32\[3, 2\], its rule gives float32\[2, 3\]\.$/,
    );
    expect(() => toOnnx(graph, { y })).toThrow(TypecheckError);
  });

  it('catches a recorded dtype', () => {
    const { graph, node } = example();
    tamper(node.outputs[0]!, { dtype: 'float16' });
    expect(() => typecheck(graph)).toThrow(/Add #0: output 0 is recorded as float16/);
  });

  it('catches a missing output', () => {
    const { graph, node } = example();
    tamper(node, { outputs: [] });
    expect(() => typecheck(graph)).toThrow(/^Add #0 has 0 outputs, its rule gives 1\.$/);
  });

  it('catches a value used before it is made', () => {
    const { graph, y, node } = example();
    tamper(node, { inputs: [y, node.inputs[1]] });
    expect(() => typecheck(graph)).toThrow(/^Add #0 uses value \d+, which is made after it\.$/);
  });

  it('catches another op in the place of the one applied', () => {
    const { graph, node } = example();
    tamper(node, { op: 'GreaterOrEqual' });
    expect(() => typecheck(graph)).toThrow(/^GreaterOrEqual #0: output 0 is recorded as float32/);
  });
});
