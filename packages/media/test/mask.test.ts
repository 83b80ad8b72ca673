// Masks: which channel counts, softness, size.
import { expect, test } from 'vitest';
import { feather, MaskSizeError, readMask } from '../src/index.ts';
import { sharp } from '../src/sharp.ts';
import { failure } from './support.ts';

const size = { width: 32, height: 20 };
const ramp = Uint8Array.from({ length: 32 * 20 }, (_, i) => (i % 32) * 8);
const grey = (data: Uint8Array) => sharp(data, { raw: { ...size, channels: 1 } });

test('a grey PNG stays soft', async () => {
  const mask = await readMask(await grey(ramp).png().toBuffer(), size);
  expect(mask.length).toBe(640);
  expect(mask.every((value, i) => Math.abs(value - ramp[i]! / 255) < 1e-6)).toBe(true);
});

test('the alpha channel counts when it varies', async () => {
  const paint = Uint8Array.from({ length: 640 * 4 }, (_, i) => (i % 4 === 3 ? ramp[i >> 2]! : 10));
  const mask = await readMask(
    await sharp(paint, { raw: { ...size, channels: 4 } })
      .png()
      .toBuffer(),
    size,
  );
  expect(mask.every((value, i) => Math.abs(value - ramp[i]! / 255) < 1e-6)).toBe(true);
});

test.each([255, 0])('a constant alpha of %i does not', async (alpha) => {
  const paint = Uint8Array.from({ length: 640 * 4 }, (_, i) => (i % 4 === 3 ? alpha : ramp[i >> 2]!));
  const mask = await readMask(
    await sharp(paint, { raw: { ...size, channels: 4 } })
      .png()
      .toBuffer(),
    size,
  );
  expect(mask[31]).toBeCloseTo(248 / 255, 5);
  expect(mask[0]).toBe(0);
});

test('white is one, also in a JPEG, a palette and 16 bits', async () => {
  const white = new Uint8Array(640).fill(255);
  const files = [grey(white).jpeg(), grey(white).png({ palette: true }), grey(white).toColourspace('grey16').png()];
  for (const file of files) {
    const mask = await readMask(await file.toBuffer(), size);
    expect(mask.every((value) => value === 1)).toBe(true);
  }
});

test('another size names both and the cure', async () => {
  const png = await grey(ramp).png().toBuffer();
  const error = await failure(() => readMask(png, { width: 64, height: 40 }));
  expect(error).toBeInstanceOf(MaskSizeError);
  expect(String(error)).toContain('the mask is 32 x 20 px and its image 64 x 40 px; make the mask 64 x 40 px');
});

test('feathering is a Gaussian step response and keeps constants', () => {
  const width = 64;
  const step = Float32Array.from({ length: width * 8 }, (_, i) => (i % width < 32 ? 0 : 1));
  const soft = feather(step, { width, height: 8 }, 4);
  // The edge lies between pixels 31 and 32; one sigma from it the normal distribution is at 0.8413.
  expect(soft[31]! + soft[32]!).toBeCloseTo(1, 5);
  expect((soft[35]! + soft[36]!) / 2).toBeCloseTo(0.8413, 2);
  expect([soft[0], soft[63]]).toEqual([0, 1].map((value) => expect.closeTo(value, 5)));
  expect(soft.every((value) => value >= 0 && value <= 1 + 1e-6)).toBe(true);
  const vertical = feather(
    Float32Array.from({ length: 64 * 8 }, (_, i) => (i < 256 ? 0 : 1)),
    { width: 8, height: 64 },
    4,
  );
  expect(vertical[35 * 8]).toBeCloseTo(soft[35]!, 5);
  expect(feather(step, { width, height: 8 }, 0)).toEqual(step);
});

test('wrong sigma or length', async () => {
  for (const sigma of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(await failure(() => feather(new Float32Array(4), { width: 2, height: 2 }, sigma))).toMatchObject({
      code: 'bad-option',
    });
  }
  expect(await failure(() => feather(new Float32Array(5), { width: 2, height: 2 }, 1))).toMatchObject({
    code: 'bad-option',
  });
});
