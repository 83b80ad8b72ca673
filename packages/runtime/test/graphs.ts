// The tiny graphs the suites run, and the same computation in plain JavaScript.
import { type OnnxModel, type TensorInfo, tensor } from '../src/index.ts';
import { onnx } from './onnx.ts';

export const f32 = (name: string, ...shape: number[]): TensorInfo => ({ name, dtype: 'float32', shape });

/** y = relu(a · b + c): a [m,k], b [k,n], c [n]. */
export function affineModel(m: number, k: number, n: number): OnnxModel {
  return onnx(
    [
      { op: 'MatMul', inputs: ['a', 'b'], output: 'p' },
      { op: 'Add', inputs: ['p', 'c'], output: 's' },
      { op: 'Relu', inputs: ['s'], output: 'y' },
    ],
    [f32('a', m, k), f32('b', k, n), f32('c', n)],
    [f32('y', m, n)],
  );
}

export function affine(
  m: number,
  k: number,
  n: number,
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
): Float64Array {
  const y = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = c[j]!;
      for (let l = 0; l < k; l++) sum += a[i * k + l]! * b[l * n + j]!;
      y[i * n + j] = Math.max(0, sum);
    }
  }
  return y;
}

/** y = 2x on [n]: small, for order and identity. */
export function doubleModel(n: number): OnnxModel {
  return onnx([{ op: 'Add', inputs: ['x', 'x'], output: 'y' }], [f32('x', n)], [f32('y', n)]);
}

/** A chain of `depth` products of 512 x 512 matrices: about 0.27 GFLOP each, so that a run takes a while. */
export function slowModel(depth: number): OnnxModel {
  const nodes = Array.from({ length: depth }, (_, i) => ({
    op: 'MatMul',
    inputs: [i === 0 ? 'x' : `h${i}`, 'x'],
    output: i === depth - 1 ? 'y' : `h${i + 1}`,
  }));
  return onnx(nodes, [f32('x', 512, 512)], [f32('y', 512, 512)]);
}

export const slowFeeds = { x: tensor('float32', [512, 512], new Float32Array(512 * 512).fill(1 / 512)) };

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function randomArray(random: () => number, length: number): Float32Array {
  return Float32Array.from({ length }, () => random() * 2 - 1);
}
