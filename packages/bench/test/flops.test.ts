// The FLOP counter against counts made by hand.
import { f, Graph } from '@tessera/graph';
import { expect, it } from 'vitest';
import { countFlops } from '../src/measure/flops.ts';

it('counts two operations per multiply-add of products and convolutions', () => {
  const g = new Graph();
  const x = g.input('x', [5, 7]);
  const gemm = f.gemm(x, g.constant(new Float32Array(21).fill(1), [3, 7]), { transB: true });
  expect(countFlops(g, { gemm })).toBe(2 * 5 * 7 * 3);
  const batched = f.matmul(g.input('a', [2, 4, 6]), g.input('b', [2, 6, 3]));
  expect(countFlops(g, { batched })).toBe(2 * 2 * 4 * 6 * 3);
  const conv = f.conv(g.input('image', [1, 4, 8, 8]), g.constant(new Float32Array(216).fill(1), [6, 4, 3, 3]), {
    pads: [1, 1, 1, 1],
  });
  expect(countFlops(g, { conv })).toBe(2 * 6 * 64 * 4 * 9);
  expect(countFlops(g, { gemm, conv })).toBe(2 * 5 * 7 * 3 + 2 * 6 * 64 * 4 * 9);
});

it('reads the inner length of a transposed operand', () => {
  const g = new Graph();
  const y = f.gemm(g.input('x', [7, 5]), g.input('w', [7, 3]), { transA: true });
  expect(countFlops(g, { y })).toBe(2 * 5 * 7 * 3);
});

it('leaves out what is folded at load and what no output needs', () => {
  const g = new Graph();
  const x = g.input('x', [2, 2]);
  const weights = f.matmul(g.constant([1, 2, 3, 4], [2, 2]), g.constant([5, 6, 7, 8], [2, 2]));
  f.matmul(x, x);
  expect(countFlops(g, { y: f.matmul(x, weights) })).toBe(2 * 2 * 2 * 2);
});
