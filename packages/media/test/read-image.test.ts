// Photos in: every format, depth, colour model and orientation becomes upright 8-bit RGB; everything else is refused.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sharp } from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { openImage } from '../src/image/decode.ts';
import { DecodeTimeoutError, FileAccessError, LimitError, readImage, UnsupportedFormatError } from '../src/index.ts';
import { limitsWith } from '../src/limits.ts';
import { sharp } from '../src/sharp.ts';
import {
  BLUE,
  failure,
  GREEN,
  GREY,
  largestDifference,
  open,
  pixel,
  pngChunk,
  quarters,
  RED,
  smooth,
  zeroPng,
} from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-media-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('colour', () => {
  const source = smooth(40, 24);
  const kinds: readonly [string, (image: Sharp) => Sharp, number][] = [
    ['png', (s) => s.png(), 0],
    ['png with 16 bits', (s) => s.toColourspace('rgb16').png(), 1],
    ['interlaced png', (s) => s.png({ progressive: true }), 0],
    ['png with palette', (s) => s.png({ palette: true, dither: 0 }), 40],
    ['jpeg', (s) => s.jpeg({ quality: 95 }), 12],
    ['progressive jpeg', (s) => s.jpeg({ quality: 95, progressive: true }), 12],
    ['webp', (s) => s.webp({ quality: 95 }), 24],
    ['lossless webp', (s) => s.webp({ lossless: true }), 0],
    ['png with a Display P3 profile', (s) => s.withIccProfile('p3').png(), 4],
  ];
  test.each(kinds)('%s', async (_, encode, tolerance) => {
    const image = await readImage(await encode(open(source)).toBuffer());
    expect(image).toMatchObject({ width: 40, height: 24 });
    expect(largestDifference(image.data, source.data)).toBeLessThanOrEqual(tolerance);
  });

  test('CMYK keeps hues', async () => {
    const cmyk = await open(quarters(32, 32)).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    const [r, g, b] = pixel(await readImage(cmyk), 0.2, 0.2);
    expect(r).toBeGreaterThan(150);
    expect(Math.max(g!, b!)).toBeLessThan(100);
  });

  test.each(['b-w', 'grey16'] as const)('grey (%s) becomes three equal channels', async (space) => {
    const image = await readImage(await open(source).toColourspace(space).png().toBuffer());
    expect(image.data.length).toBe(40 * 24 * 3);
    for (let i = 0; i < image.data.length; i += 3) {
      expect(image.data[i] === image.data[i + 1] && image.data[i] === image.data[i + 2]).toBe(true);
    }
    expect(new Set(image.data).size).toBeGreaterThan(20);
  });

  test('transparency is laid on white', async () => {
    const rgba = Uint8Array.from({ length: 8 * 8 * 4 }, (_, i) =>
      i % 4 === 3 ? [0, 128, 255, 255][(i >> 2) % 4]! : 0,
    );
    const png = await sharp(rgba, { raw: { width: 8, height: 8, channels: 4 } })
      .png()
      .toBuffer();
    const { data } = await readImage(png);
    expect([data[0], data[9]]).toEqual([255, 0]);
    expect(Math.abs(data[3]! - 127)).toBeLessThanOrEqual(1);
  });

  test('grey with alpha is laid on white', async () => {
    const png = await sharp(Uint8Array.from([10, 0, 10, 255]), { raw: { width: 2, height: 1, channels: 2 } })
      .png()
      .toBuffer();
    expect([...(await readImage(png)).data]).toEqual([255, 255, 255, 10, 10, 10]);
  });
});

// EXIF 2.3, tag 0x0112: where the stored picture's first row and column lie, as the colours of the upright corners.
const upright: readonly (readonly [number, readonly (readonly number[])[]])[] = [
  [1, [RED, GREEN, BLUE, GREY]],
  [2, [GREEN, RED, GREY, BLUE]],
  [3, [GREY, BLUE, GREEN, RED]],
  [4, [BLUE, GREY, RED, GREEN]],
  [5, [RED, BLUE, GREEN, GREY]],
  [6, [BLUE, RED, GREY, GREEN]],
  [7, [GREY, GREEN, BLUE, RED]],
  [8, [GREEN, GREY, RED, BLUE]],
];
describe.each(['jpeg', 'png', 'webp'] as const)('EXIF orientation in %s', (format) => {
  test.each(upright)('%i', async (orientation, corners) => {
    const stored = open(quarters(48, 32)).withMetadata({ orientation });
    const image = await readImage(await stored.toFormat(format, { quality: 100 }).toBuffer());
    expect([image.width, image.height]).toEqual(orientation >= 5 ? [32, 48] : [48, 32]);
    const places = [
      [0.2, 0.2],
      [0.8, 0.2],
      [0.2, 0.8],
      [0.8, 0.8],
    ] as const;
    for (const [index, [u, v]] of places.entries()) {
      expect(largestDifference(pixel(image, u, v), corners[index]!)).toBeLessThan(16);
    }
  });
});

test('the hash is of the file, and a path reads the same', async () => {
  const png = await open(quarters(9, 5)).png().toBuffer();
  const path = join(folder, 'called.jpg');
  writeFileSync(path, png);
  const image = await readImage(path);
  expect(image).toEqual(await readImage(png));
  expect(image.sha256).toBe(createHash('sha256').update(png).digest('hex'));
  expect(image.format).toBe('png');
});

test('of an animation the first frame is taken', async () => {
  const stack = Buffer.concat([quarters(16, 16).data, smooth(16, 16).data]);
  const webp = await sharp(stack, { raw: { width: 16, height: 32, channels: 3, pageHeight: 16 } })
    .webp({ lossless: true })
    .toBuffer();
  const image = await readImage(webp);
  expect(image).toMatchObject({ width: 16, height: 16 });
  expect(largestDifference(image.data, quarters(16, 16).data)).toBe(0);
});

test('so it is in a PNG', async () => {
  const frames = pngChunk('acTL', Buffer.from([0, 0, 0, 9, 0, 0, 0, 0]));
  expect(await readImage(zeroPng(4, 6, 8, 2, [frames]))).toMatchObject({ width: 4, height: 6 });
});

describe('refused', () => {
  test.each(['gif', 'tiff', 'avif'] as const)('%s, by name', async (format) => {
    const error = await failure(async () => readImage(await open(quarters(16, 16)).toFormat(format).toBuffer()));
    expect(error).toBeInstanceOf(UnsupportedFormatError);
    expect(String(error)).toMatch(new RegExp(`this is an? ${format} image; give a JPEG, PNG or WebP image`, 'i'));
  });

  test.each([
    ['an SVG drawing', '<svg width="9" height="9"/>'],
    ['an empty file', ''],
    ['no image that we know', 'hello'],
  ])('%s', async (words, text) => {
    expect(String(await failure(() => readImage(Buffer.from(text))))).toContain(`this is ${words}; give`);
  });

  test.each(['svg', 'gif', 'tiff', 'avif'])('the decoder behind the sniffer is blocked too: %s', async (kind) => {
    const bytes =
      kind === 'svg'
        ? Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"/>')
        : await open(quarters(16, 16))
            .toFormat(kind as 'gif')
            .toBuffer();
    await expect(sharp(bytes).metadata()).rejects.toThrow(/unsupported image format/);
  });

  test('too many bytes, pixels, or too long a side', async () => {
    const png = await open(quarters(64, 16)).png().toBuffer();
    const cases = [{ maxBytes: png.length - 1 }, { maxPixels: 64 * 16 - 1 }, { maxSide: 63 }];
    for (const limits of cases) expect(await failure(() => readImage(png, limits))).toBeInstanceOf(LimitError);
    await readImage(png, { maxBytes: png.length, maxPixels: 64 * 16, maxSide: 64 });
  });
});

describe('paths', () => {
  test('missing, and a folder', async () => {
    const missing = await failure(() => readImage(join(folder, 'nowhere.png')));
    expect(missing).toBeInstanceOf(FileAccessError);
    expect(missing).toMatchObject({ code: 'file-access', reason: 'ENOENT' });
    expect(String(await failure(() => readImage(join(folder, 'two\nlines'))))).not.toContain('\n');
    expect(await failure(() => readImage(folder))).toMatchObject({ code: 'file-access', reason: 'EISDIR' });
    expect(await failure(() => readImage('\0'))).toMatchObject({ code: 'file-access' });
  });

  test('too large a file is not read', async () => {
    const path = join(folder, 'large');
    writeFileSync(path, Buffer.alloc(2048));
    expect(await failure(() => readImage(path, { maxBytes: 2047 }))).toMatchObject({ code: 'over-limit', value: 2048 });
  });

  test.skipIf(process.platform === 'win32')('a named pipe and a device do not hang', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero']) {
      expect(await failure(() => readImage(path))).toMatchObject({ code: 'file-access', reason: 'ENOTREG' });
    }
  });

  test.skipIf(process.platform === 'win32')('no permission', () => {
    const path = join(folder, 'secret.png');
    writeFileSync(path, 'x');
    chmodSync(path, 0);
    // The superuser may read everything, so a child process gives its rights away first.
    const script = `
      const { readImage } = await import(${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)});
      if (process.getuid() === 0) process.setuid(65534);
      console.log(await readImage(process.argv[1]).catch((error) => error.code + ' ' + error.reason));`;
    const said = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, path], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    expect(said.trim()).toBe('file-access EACCES');
  });
});

test('a good picture that takes too long is not called damaged', async () => {
  const { decode } = await openImage(await open(smooth(40, 40)).png().toBuffer(), limitsWith({ decodeSeconds: 1 }));
  const error = await failure(() => decode((image) => image.resize(2000, 2000).blur(1000).raw().toBuffer()));
  expect(error).toBeInstanceOf(DecodeTimeoutError);
  expect(error).toMatchObject({ code: 'decode-timeout', format: 'PNG', seconds: 1 });
});
