// The int8 product against the exact one, forward and backward, on ONNX Runtime.
import { describe, expect, it } from 'vitest';
import { evaluate } from './support/evaluate.ts';
import { f, Graph, gradients, type Int8Operand, type Value } from './support/face.ts';
import { Random, SEED } from './support/random.ts';

/** A matrix [rows, columns], rounded with one scale per column. */
function int8Operand(graph: Graph, at: (row: number, column: number) => number, shape: readonly [number, number]) {
  const [rows, columns] = shape;
  const column = (c: number) => Array.from({ length: rows }, (_, r) => at(r, c));
  const scales = Array.from({ length: columns }, (_, c) => Math.max(...column(c).map(Math.abs)) / 127);
  const rounded = Array.from({ length: rows * columns }, (_, i) => {
    const c = i % columns;
    return Math.round(at(Math.floor(i / columns), c) / scales[c]!);
  });
  const operand: Int8Operand = {
    b: graph.constant(rounded, shape, 'int8'),
    scale: graph.constant(scales, [columns]),
    zeroPoint: graph.constant(new Int8Array(columns), [columns], 'int8'),
  };
  return operand;
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((v, i) => v - b[i]!)) / Math.hypot(...b);

describe(`DynamicQuantizeMatMul, seed ${SEED}`, () => {
  it('and its gradients of first and second order are those of the exact product, up to the rounding', async () => {
    const random = new Random(SEED);
    for (let k = 0; k < 8; k++) {
      const [rows, from, to] = [random.integer(2, 20), random.integer(8, 70), random.integer(8, 70)];
      const weight = random.fill([from, to], () => random.uniform(-1, 1));
      const graph = new Graph();
      const x = graph.input('x', [rows, from]);
      const forward = int8Operand(graph, (r, c) => weight[r * to + c]!, [from, to]);
      const transposed = int8Operand(graph, (r, c) => weight[c * to + r]!, [to, from]);
      const products: Record<string, Value> = {
        int8: f.dynamicQuantizeMatMul(x, forward, transposed),
        exact: f.matmul(x, graph.constant(weight, [from, to])),
      };
      const outputs: Record<string, Value> = {};
      for (const [name, y] of Object.entries(products)) {
        const dx = gradients(graph, f.mul(f.tanh(f.mul(y, 0.3)), y), [x])[0]!;
        const [ddx] = gradients(graph, f.square(dx), [x]) as [Value];
        Object.assign(outputs, { [`${name}.y`]: y, [`${name}.dx`]: dx, [`${name}.ddx`]: ddx });
      }
      const found = await evaluate(graph, outputs, { x: random.fill([rows, from], () => random.uniform(-2, 2)) });
      for (const part of ['y', 'dx', 'ddx']) {
        const error = distance(found[`int8.${part}`]!, found[`exact.${part}`]!);
        const label = `seed ${SEED}, case ${k}: ${part} of [${rows}, ${from}] x [${from}, ${to}]`;
        expect(error, label).toBeLessThan(part === 'ddx' ? 0.05 : 0.03);
        expect(error, `${label} is rounded at all`).toBeGreaterThan(1e-5);
      }
    }
  });
});
