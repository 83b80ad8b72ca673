// Single frames and contact sheets out.
import { expect, test } from 'vitest';
import { contactSheet, encodeFrame, readImage, sniff } from '../src/index.ts';
import { sharp } from '../src/sharp.ts';
import { failure, largestDifference, quarters, smooth } from './support.ts';

test('png is exact, webp and jpeg are close, none carries metadata', async () => {
  const frame = smooth(50, 30);
  for (const [format, tolerance] of [
    ['png', 0],
    ['webp', 30],
    ['jpeg', 20],
  ] as const) {
    const file = await encodeFrame(frame, { format });
    expect(sniff(file)?.format).toBe(format);
    const { exif, icc, xmp, orientation } = await sharp(file).metadata();
    expect([exif, icc, xmp, orientation]).toEqual([undefined, undefined, undefined, undefined]);
    expect(largestDifference((await readImage(file)).data, frame.data)).toBeLessThanOrEqual(tolerance);
  }
});

test('quality and size', async () => {
  const frame = smooth(200, 100);
  const low = await encodeFrame(frame, { format: 'webp', quality: 10 });
  const high = await encodeFrame(frame, { format: 'webp', quality: 95 });
  expect(low.length).toBeLessThan(high.length);
  expect(await readImage(await encodeFrame(frame, { format: 'png', size: 50 }))).toMatchObject({
    width: 50,
    height: 25,
  });
});

test('a frame that is none', async () => {
  const data = new Uint8Array(12);
  for (const frame of [
    { width: 2, height: 3, data },
    { width: 0, height: 2, data },
    { width: 2.5, height: 2, data },
  ]) {
    expect(await failure(() => encodeFrame(frame, { format: 'png' }))).toMatchObject({ code: 'frame-shape' });
  }
  expect(await failure(() => encodeFrame(smooth(4, 4), { format: 'jpeg', quality: 101 }))).toMatchObject({
    code: 'bad-option',
  });
  expect(
    await failure(() => encodeFrame({ width: 20_000, height: 1, data: new Uint8Array(60_000) }, { format: 'webp' })),
  ).toMatchObject({
    code: 'encode-failed',
  });
});

test('a sheet places frames row by row, with gaps', () => {
  const frames = [smooth(10, 8), quarters(10, 8), smooth(10, 8, 1)];
  const sheet = contactSheet(frames, { columns: 2, gap: 3 });
  expect([sheet.width, sheet.height]).toEqual([2 * 13 + 3, 2 * 11 + 3]);
  for (const [index, left, top] of [
    [0, 3, 3],
    [1, 16, 3],
    [2, 3, 14],
  ] as const) {
    for (let y = 0; y < 8; y += 1) {
      const start = ((top + y) * sheet.width + left) * 3;
      expect(sheet.data.subarray(start, start + 30)).toEqual(frames[index]!.data.subarray(y * 30, y * 30 + 30));
    }
  }
  expect([...sheet.data.subarray(0, 3)]).toEqual([255, 255, 255]);
});

test('labels are drawn under their frames and cut to their width', () => {
  const frames = [quarters(40, 8), quarters(40, 8)];
  const sheet = contactSheet(frames, { columns: 2, gap: 2, labels: ['L', 'far too long a label 日本'] });
  const ink = (x: number, y: number) => sheet.data[(y * sheet.width + x) * 3] === 32;
  // "L": a stem of seven pixels and a foot of five, two pixels under the frame.
  const [left, top] = [2, 2 + 8 + 2];
  const stem = Array.from({ length: 7 }, (_, y) => ink(left, top + y));
  const foot = Array.from({ length: 6 }, (_, x) => ink(left + x, top + 6));
  expect(stem).toEqual(Array(7).fill(true));
  expect(foot).toEqual([true, true, true, true, true, false]);
  for (let y = top; y < top + 7; y += 1) expect(ink(44 + 40 + 1, y)).toBe(false);
});

test('sheets that cannot be', async () => {
  expect(await failure(() => contactSheet([]))).toMatchObject({ code: 'bad-option' });
  expect(await failure(() => contactSheet([smooth(4, 4), smooth(5, 4)]))).toMatchObject({ code: 'frame-shape' });
  expect(await failure(() => contactSheet([smooth(4, 4)], { labels: [] }))).toMatchObject({ code: 'bad-option' });
  expect(await failure(() => contactSheet([smooth(64, 64)], { limits: { sheetPixels: 4096 } }))).toMatchObject({
    code: 'over-limit',
  });
});
