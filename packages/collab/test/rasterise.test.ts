// The mask: strokes to pixels.
import { createHash } from 'node:crypto';
import { randomOf } from '@tessera/protocol/testing';
import { describe, expect, it } from 'vitest';
import { MaskError, rasterise, type Stroke } from '../src/index.ts';
import { stroke } from './support.ts';

const at = (mask: Float32Array, width: number, x: number, y: number) => mask[y * width + x]!;
const sum = (mask: Float32Array) => mask.reduce((total, value) => total + value, 0);

describe('the mask', () => {
  it('M2 of no strokes keeps everything, inverted nothing', () => {
    expect(sum(rasterise([], 8, 4))).toBe(0);
    expect(sum(rasterise([], 8, 4, { invert: true }))).toBe(32);
  });

  it('a dot has the area of its circle, wherever its centre lies between pixels', () => {
    for (const [x, y] of [
      [0.5, 0.5],
      [0.51, 0.498],
      [0.37, 0.6],
    ] as const) {
      const area = sum(rasterise([stroke('a', { size: 0.5, points: [x, y] })], 64, 64));
      expect(Math.abs(area - Math.PI * 16 * 16)).toBeLessThan(4);
    }
  });

  it('a line is a capsule, its edge one pixel wide', () => {
    const mask = rasterise([stroke('a')], 64, 64);
    const area = 32 * 16 + Math.PI * 8 * 8;
    expect(Math.abs(sum(mask) - area)).toBeLessThan(4);
    expect([at(mask, 64, 32, 32), at(mask, 64, 32, 25), at(mask, 64, 32, 22)]).toEqual([1, 1, 0]);
  });

  it('S3 fits any size: lengths are shares of the picture', () => {
    const small = rasterise([stroke('a', { size: 0.5 })], 32, 32);
    const large = rasterise([stroke('a', { size: 0.5 })], 128, 128);
    expect(sum(large) / sum(small)).toBeCloseTo(16, 0);
    const wide = rasterise([stroke('a', { points: [0.5, 0.5], size: 0.5 })], 200, 100);
    expect(sum(wide)).toBeCloseTo(Math.PI * 25 * 25, -1);
  });

  it('softness lets the edge fall off towards the middle', () => {
    const soft = rasterise([stroke('a', { softness: 1, size: 0.8, points: [0.5, 0.5] })], 65, 65);
    const row = Array.from({ length: 33 }, (_, i) => at(soft, 65, 32 + i, 32));
    expect(row[0]).toBe(1);
    for (let i = 1; i < row.length; i += 1) expect(row[i]).toBeLessThanOrEqual(row[i - 1]!);
    expect(row[13]).toBeGreaterThan(0.3);
    expect(row[13]).toBeLessThan(0.7);
  });

  it('M1 strokes are drawn in order; crossing one’s own line adds nothing', () => {
    const paint = stroke('a');
    const erase = stroke('b', { mode: 'erase', points: [0.5, 0.5] });
    expect(at(rasterise([paint, erase], 64, 64), 64, 32, 32)).toBe(0);
    expect(at(rasterise([erase, paint], 64, 64), 64, 32, 32)).toBe(1);
    const cross = stroke('c', { softness: 1, points: [0.2, 0.5, 0.8, 0.5, 0.2, 0.5] });
    const once = stroke('c', { softness: 1, points: [0.2, 0.5, 0.8, 0.5] });
    expect(rasterise([cross], 64, 64)).toEqual(rasterise([once], 64, 64));
  });

  it('M2 feather keeps the sum and softens the edge, then it is inverted', () => {
    const hard = rasterise([stroke('a', { points: [0.5, 0.5] })], 64, 64);
    const soft = rasterise([stroke('a', { points: [0.5, 0.5] })], 64, 64, { feather: 0.05 });
    expect(sum(soft)).toBeCloseTo(sum(hard), 1);
    expect(at(soft, 64, 32, 22)).toBeGreaterThan(0.02);
    expect(Math.max(...soft)).toBeLessThanOrEqual(1);
    const inverted = rasterise([stroke('a', { points: [0.5, 0.5] })], 64, 64, { feather: 0.05, invert: true });
    expect(inverted).toEqual(soft.map((value) => 1 - value));
  });

  it('parts outside the picture do no harm', () => {
    const mask = rasterise(
      [stroke('a', { points: [-0.9, -0.9, -0.5, 2] }), stroke('b', { points: [0.9, 0.5, 1.5, 0.5] })],
      32,
      32,
    );
    expect(mask.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(at(mask, 32, 31, 16)).toBe(1);
    expect(at(mask, 32, 0, 16)).toBe(0);
  });

  it('M3 has the same bits everywhere (fingerprint of a random painting)', () => {
    const next = randomOf(5);
    const painting = Array.from(
      { length: 30 },
      (_, i): Stroke =>
        stroke(`s${i}`, {
          mode: next() < 0.7 ? 'add' : 'erase',
          size: 0.02 + next() * 0.2,
          softness: next(),
          points: Array.from({ length: 20 }, () => next() * 1.2 - 0.1),
        }),
    );
    const mask = rasterise(painting, 96, 64, { feather: 0.03, invert: true });
    expect(mask.every((value) => value >= 0 && value <= 1)).toBe(true);
    const print = createHash('sha256').update(new Uint8Array(mask.buffer)).digest('hex').slice(0, 16);
    expect(print).toBe('753f7ea23e2ccbac');
  });

  it('M4 refuses what would take too long, sizes and feathers that are none', () => {
    const zigzag = Array.from({ length: 60 }, (_, i) =>
      stroke(`z${i}`, { size: 1, points: Array.from({ length: 2_000 }, (_, n) => (n >> 1) % 2) }),
    );
    const start = performance.now();
    expect(() => rasterise(zigzag, 2_048, 2_048)).toThrow(/pixel visits/);
    expect(performance.now() - start).toBeLessThan(10_000);
    for (const [width, height] of [
      [0, 8],
      [8, -1],
      [1.5, 8],
      [8, 5_000],
      [Number.NaN, 8],
    ] as const) {
      expect(() => rasterise([], width, height)).toThrow(MaskError);
    }
    for (const feather of [-1, 1, Number.NaN]) expect(() => rasterise([], 8, 8, { feather })).toThrow(/feather/);
  });

  it('draws 500 strokes of 50 points at 256 px within seconds', () => {
    const next = randomOf(9);
    const painting = Array.from({ length: 500 }, (_, i) => {
      let [x, y] = [next(), next()];
      const points = Array.from({ length: 50 }, () => {
        x = Math.min(1, Math.max(0, x + (next() - 0.5) * 0.04));
        y = Math.min(1, Math.max(0, y + (next() - 0.5) * 0.04));
        return [x, y];
      }).flat();
      return stroke(`s${i}`, { size: 0.1, softness: 0.5, points });
    });
    const start = performance.now();
    rasterise(painting, 256, 256, { feather: 0.02 });
    const took = performance.now() - start;
    console.log(`500 strokes at 256 px: ${took.toFixed(0)} ms`);
    expect(took).toBeLessThan(30_000);
  });
});
