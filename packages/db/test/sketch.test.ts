// Sketches: the candidates they choose hold the true neighbours.
import { randomOf } from '@tessera/protocol/testing';
import { expect, test } from 'vitest';
import { dot, sketchOf, unitOf } from '../src/history/sketch.ts';
import { InputError } from '../src/index.ts';

const SEED = 11;

test('of 2,000 features in families, 200 candidates by sketch hold the 10 nearest', () => {
  const random = randomOf(SEED);
  const centres = Array.from({ length: 60 }, () => Float32Array.from({ length: 128 }, () => random() - 0.5));
  const near = () => unitOf(centres[Math.floor(random() * centres.length)]!.map((x) => x + (random() - 0.5) * 0.8));
  const stored = Array.from({ length: 2_000 }, near).map((vector) => ({ vector, sketch: sketchOf(vector) }));
  const differing = (a: string, b: string) => {
    let bits = 0;
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) bits++;
    return bits;
  };
  let found = 0;
  const asked = 10;
  for (let q = 0; q < asked; q++) {
    const wanted = near();
    const sketch = sketchOf(wanted);
    const all = stored.map((one, i) => ({ i, cosine: dot(one.vector, wanted), bits: differing(one.sketch, sketch) }));
    const candidates = new Set([...all].sort((a, b) => a.bits - b.bits).slice(0, 200));
    const nearest = all.sort((a, b) => b.cosine - a.cosine).slice(0, 10);
    found += nearest.filter((one) => candidates.has(one)).length;
  }
  expect(found / (asked * 10), `seed ${SEED}`).toBeGreaterThan(0.99);
});

test('a sketch is the same whatever the length of the vector, and the opposite for its opposite', () => {
  const random = randomOf(SEED);
  const vector = Float32Array.from({ length: 50 }, () => random() - 0.5);
  expect(sketchOf(vector)).toMatch(/^[01]{256}$/);
  expect(sketchOf(vector.map((x) => x * 7))).toBe(sketchOf(vector));
  const opposite = sketchOf(vector.map((x) => -x));
  expect([...opposite].filter((bit, i) => bit === sketchOf(vector)[i])).toHaveLength(0);
});

test.each([
  ['nothing', []],
  ['zeros', [0, 0]],
  ['NaN', [1, Number.NaN]],
  ['infinity', [1, Number.POSITIVE_INFINITY]],
])('%s is no feature', (_name, values) => {
  expect(() => sketchOf(Float32Array.from(values))).toThrow(InputError);
});
