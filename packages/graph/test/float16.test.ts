// Half precision conversion: exact on every half, and to the nearest even in between.
import { describe, expect, it } from 'vitest';
import { evaluate } from './support/evaluate.ts';
import { f, float16ToFloat32, float32ToFloat16, Graph } from './support/face.ts';
import { Random, SEED } from './support/random.ts';

const HALVES = Array.from({ length: 65536 }, (_, bits) => bits);
const isNaNBits = (bits: number): boolean => (bits & 0x7fff) > 0x7c00;
const positive = HALVES.slice(0, 0x7c00);

describe('float16', () => {
  it('survives the way through float32, for all 65,536 halves', () => {
    for (const bits of HALVES) {
      const back = float32ToFloat16(float16ToFloat32(bits));
      if (isNaNBits(bits)) expect(isNaNBits(back)).toBe(true);
      else if (back !== bits) expect.fail(`half ${bits} came back as ${back}`);
    }
  });

  it('agrees with ONNX Runtime on all halves', async () => {
    const graph = new Graph();
    const numbers = HALVES.filter((bits) => !isNaNBits(bits)).map(float16ToFloat32);
    const y = f.cast(graph.input('x', [numbers.length], 'float16'), 'float32');
    expect((await evaluate(graph, { y }, { x: numbers })).y).toEqual(numbers);
  });

  it('rounds to the nearest, ties to even, between every two neighbours', () => {
    for (const bits of positive.slice(0, -1)) {
      const [low, high] = [float16ToFloat32(bits), float16ToFloat32(bits + 1)];
      const middle = (low + high) / 2;
      const nudge = (high - low) / 1024;
      const even = bits % 2 === 0 ? bits : bits + 1;
      const found = [middle - nudge, middle, middle + nudge, -middle].map(float32ToFloat16);
      const expected = [bits, even, bits + 1, even | 0x8000];
      if (found.some((v, i) => v !== expected[i])) expect.fail(`between ${low} and ${high}: ${found}, not ${expected}`);
    }
  });

  it('overflows to infinity and underflows to zero, with the sign', () => {
    const cases: [number, number][] = [
      [65504, 0x7bff],
      [65519.996, 0x7bff],
      [65520, 0x7c00],
      [-1e30, 0xfc00],
      [Number.POSITIVE_INFINITY, 0x7c00],
      [2 ** -24, 1],
      [2 ** -25, 0],
      [2 ** -25 * 1.001, 1],
      [2 ** -26, 0],
      [-(2 ** -140), 0x8000],
      [-0, 0x8000],
    ];
    for (const [value, bits] of cases) expect([value, float32ToFloat16(value)]).toEqual([value, bits]);
    expect(isNaNBits(float32ToFloat16(Number.NaN))).toBe(true);
  });

  it(`rounds random numbers as ONNX Runtime does, seed ${SEED}`, async () => {
    const random = new Random(SEED);
    const values = random.fill([20000], () => Math.fround(random.uniform(-2, 2) * 2 ** random.integer(-27, 16)));
    const graph = new Graph();
    const y = f.cast(graph.input('x', [values.length]), 'float16');
    const expected = values.map((v) => float16ToFloat32(float32ToFloat16(v)));
    expect((await evaluate(graph, { y }, { x: values })).y).toEqual(expected);
  });
});
