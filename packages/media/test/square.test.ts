// To a square: geometry of the three fits, antialiasing, layout.
import { expect, test } from 'vitest';
import { maskToSquare, type RgbFrame, toSquare } from '../src/index.ts';
import { BLUE, failure, GREEN, GREY, largestDifference, quarters, RED, smooth } from './support.ts';

const at = (chw: Float32Array, size: number, x: number, y: number) =>
  [0, 1, 2].map((c) => Math.round(chw[c * size * size + y * size + x]! * 255));

test('crop takes the centre after the short side', async () => {
  // Three vertical bands; the square in the middle of 96 x 32 is exactly the second.
  const wide: RgbFrame = { width: 96, height: 32, data: new Uint8Array(96 * 32 * 3) };
  for (let i = 0; i < 96 * 32; i += 1) wide.data.set([RED, GREEN, BLUE][Math.floor((i % 96) / 32)]!, i * 3);
  const chw = await toSquare(wide, 16, 'crop');
  expect(chw.length).toBe(3 * 256);
  expect(at(chw, 16, 8, 8)).toEqual([...GREEN]);
  // Two pixels from the edge Lanczos still rings by a step.
  expect(largestDifference(at(chw, 16, 2, 2), GREEN)).toBeLessThanOrEqual(2);
});

test('pad keeps all of it on white', async () => {
  const chw = await toSquare(quarters(64, 32), 32, 'pad');
  expect(at(chw, 32, 3, 1)).toEqual([255, 255, 255]);
  expect(at(chw, 32, 3, 12)).toEqual([...RED]);
  expect(at(chw, 32, 28, 20)).toEqual([...GREY]);
});

test('stretch uses both sides', async () => {
  const chw = await toSquare(quarters(64, 32), 32, 'stretch');
  expect([at(chw, 32, 2, 2), at(chw, 32, 29, 29)]).toEqual([[...RED], [...GREY]]);
});

test('a fine checkerboard becomes flat grey, not moire', async () => {
  const data = Uint8Array.from(
    { length: 256 * 256 * 3 },
    (_, i) => ((Math.floor(i / 3) + Math.floor(i / 768)) % 2) * 255,
  );
  const chw = await toSquare({ width: 256, height: 256, data }, 37);
  for (const value of chw) expect(Math.abs(value - 0.5)).toBeLessThan(0.05);
});

test('the same size is exact', async () => {
  const frame = smooth(32, 32);
  const chw = await toSquare(frame, 32);
  for (let i = 0; i < 1024; i += 1)
    expect(at(chw, 32, i % 32, i >> 5)).toEqual([...frame.data.subarray(i * 3, i * 3 + 3)]);
});

test('a mask goes the same way, padded with known ground', async () => {
  const mask = new Float32Array(64 * 32).fill(1);
  const padded = await maskToSquare(mask, { width: 64, height: 32 }, 32, 'pad');
  expect(padded.length).toBe(1024);
  expect([padded[0], padded[16 * 32 + 16]]).toEqual([0, 1]);
  const half = Float32Array.from({ length: 4096 }, (_, i) => (i % 64) / 63);
  const small = await maskToSquare(half, { width: 64, height: 64 }, 32);
  expect(small[16 * 32 + 16]).toBeCloseTo(32.5 / 63, 2);
});

test('wrong arguments', async () => {
  for (const size of [0, -1, 1.5, Number.NaN, 1e9]) {
    expect(await failure(() => toSquare(smooth(8, 8), size))).toMatchObject({ code: 'bad-option' });
  }
  expect(await failure(() => toSquare({ width: 8, height: 8, data: new Uint8Array(7) }, 8))).toMatchObject({
    code: 'frame-shape',
  });
  expect(await failure(() => maskToSquare(new Float32Array(3), { width: 2, height: 2 }, 8))).toMatchObject({
    code: 'bad-option',
  });
});
