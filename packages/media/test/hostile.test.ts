// Hostile files: cut short, mutated, or tiny files that claim to be huge. Only our errors, no hang, little memory.
// TESSERA_FUZZ sets the number of mutants (default 400; 5000 for the long run), TESSERA_SEED where they start.
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { CorruptImageError, LimitError, MediaError, readImage, readMask } from '../src/index.ts';
import { failure, open, pngChunk, random, smooth, zeroPng } from './support.ts';

const mutants = Number(process.env.TESSERA_FUZZ ?? 400);
const firstSeed = Number(process.env.TESSERA_SEED ?? 1);
const MAX_RSS = 300 * 1024 * 1024;

let corpus: Record<string, Buffer>;
beforeAll(async () => {
  const image = () => open(smooth(200, 140)).withMetadata({ orientation: 6 });
  corpus = {
    jpeg: await image().jpeg({ quality: 90 }).toBuffer(),
    'progressive jpeg': await image().jpeg({ progressive: true }).toBuffer(),
    png: await image().png().toBuffer(),
    'interlaced palette png': await image().png({ palette: true, progressive: true }).toBuffer(),
    '16-bit png': await image().toColourspace('rgb16').withIccProfile('p3').png().toBuffer(),
    webp: await image().webp().toBuffer(),
    'lossless webp with alpha': await image().ensureAlpha(0.5).webp({ lossless: true }).toBuffer(),
  };
});

test('files cut at every fiftieth are errors, never grey halves', async () => {
  for (const [name, file] of Object.entries(corpus)) {
    await readImage(file);
    for (let part = 1; part < 50; part += 1) {
      const cut = file.subarray(0, Math.floor((file.length * part) / 50));
      expect(await failure(() => readImage(cut)), `${name} cut to ${part}/50`).toBeInstanceOf(MediaError);
    }
  }
});

test(
  `${mutants} mutants from seed ${firstSeed}`,
  async () => {
    let decoded = 0;
    let rss = 0;
    for (let seed = firstSeed; seed < firstSeed + mutants; seed += 1) {
      const next = random(seed);
      const names = Object.keys(corpus);
      const file = mutate(corpus[names[Math.floor(next() * names.length)]!]!, next);
      const size = { width: 140, height: 200 };
      const work = seed % 4 === 0 ? readMask(file, size) : readImage(file);
      const outcome = await work.catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome, `seed ${seed}`).toBeInstanceOf(MediaError);
      else decoded += 1;
      rss = Math.max(rss, process.memoryUsage.rss());
    }
    console.info(
      `${mutants} mutants from seed ${firstSeed}: ${decoded} decoded, peak RSS ${Math.round(rss / 2 ** 20)} MiB`,
    );
    expect(decoded).toBeLessThan(mutants);
    expect(rss).toBeLessThan(MAX_RSS);
  },
  120_000 + mutants * 1_000,
);

function mutate(file: Buffer, next: () => number): Buffer {
  const copy = Buffer.from(file);
  // Half of the mutations go to the first 200 bytes, where headers are.
  const place = () => Math.floor(next() * (next() < 0.5 ? Math.min(200, copy.length) : copy.length));
  const edits = 1 + Math.floor(next() * 8);
  for (let i = 0; i < edits; i += 1) copy[place()] = next() < 0.3 ? 0xff : Math.floor(next() * 256);
  if (next() > 0.2) return copy;
  const [from, to] = [place(), place()].sort((a, b) => a - b);
  return next() < 0.5
    ? Buffer.concat([copy.subarray(0, from), copy.subarray(to)])
    : Buffer.concat([copy.subarray(0, to), copy.subarray(from)]);
}

describe('bombs', () => {
  const costs = async (file: Buffer) => {
    const before = process.memoryUsage.rss();
    const start = performance.now();
    const error = await failure(() => readImage(file));
    return { error, ms: performance.now() - start, grown: process.memoryUsage.rss() - before };
  };

  test('a 30,000 x 30,000 PNG of zeros is refused by its header', async () => {
    const file = zeroPng(30_000, 30_000, 1, 0);
    expect(file.length).toBeLessThan(2 * 1024 * 1024);
    const { error, ms, grown } = await costs(file);
    expect(error).toBeInstanceOf(LimitError);
    expect(String(error)).toMatch(/30000/);
    expect(ms).toBeLessThan(30_000);
    // Its pixels are 900 MB.
    expect(grown).toBeLessThan(100 * 1024 * 1024);
  });

  test('so is one within the side but over the pixels', async () => {
    const { error } = await costs(zeroPng(16_000, 2000, 1, 0));
    expect(error).toMatchObject({ code: 'over-limit', value: 32_000_000 });
  });

  test('header sizes that lie', async () => {
    const jpeg = Buffer.from(corpus.jpeg!);
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(65_000, frame + 5);
    jpeg.writeUInt16BE(65_000, frame + 7);
    expect((await costs(jpeg)).error).toBeInstanceOf(LimitError);
    const png = Buffer.from(corpus.png!);
    png.writeUInt32BE(0x7fffffff, 16);
    expect((await costs(png)).error).toBeInstanceOf(MediaError);
  });

  test('compressed text and profiles of 256 MiB stay packed', async () => {
    const zeros = deflateSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 });
    for (const type of ['zTXt', 'iCCP']) {
      const bomb = pngChunk(type, Buffer.concat([Buffer.from('bomb\0\0', 'latin1'), zeros]));
      const file = zeroPng(8, 8, 8, 2, [bomb]);
      const before = process.memoryUsage.rss();
      const outcome = await readImage(file).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(CorruptImageError);
      expect(process.memoryUsage.rss() - before, type).toBeLessThan(128 * 1024 * 1024);
    }
  });

  test('pixels that are not there', async () => {
    const whole = zeroPng(2000, 2000, 8, 6);
    const idat = whole.indexOf('IDAT', 0, 'latin1') - 4;
    const none = Buffer.concat([
      whole.subarray(0, idat),
      pngChunk('IDAT', deflateSync(Buffer.alloc(4))),
      pngChunk('IEND', Buffer.alloc(0)),
    ]);
    expect((await costs(none)).error).toBeInstanceOf(CorruptImageError);
  });
});
