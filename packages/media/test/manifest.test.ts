// The manifest in a PNG: exact round trip, and hostile chunks.
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  embedManifest,
  encodeFrame,
  LimitError,
  ManifestError,
  MediaError,
  readImage,
  readManifest,
} from '../src/index.ts';
import { failure, pngChunk, random, smooth, zeroPng } from './support.ts';

let png: Uint8Array;
beforeAll(async () => {
  png = await encodeFrame(smooth(20, 20), { format: 'png' });
});

const withChunk = (data: Uint8Array, type = 'iTXt') => zeroPng(4, 4, 8, 2, [pngChunk(type, data)]);
const head = (compressed: number) => Buffer.from(`tessera\0${String.fromCharCode(compressed)}\0\0\0`, 'latin1');

test.each([
  ['short', JSON.stringify({ prompt: 'a red fox' })],
  ['not Latin', JSON.stringify({ prompt: 'лиса 狐狸 🦊 ثعلب — ünï\u0000cödé' }, null, 2)],
  ['long, so compressed', JSON.stringify({ prompt: 'キツネ'.repeat(5000) })],
  ['with its own white space', '  [1,\r\n\t2]  \n'],
  ['with a byte order mark inside', '"\ufeffx"'],
])('%s: byte for byte', async (_, json) => {
  const file = embedManifest(png, json);
  expect(readManifest(file)).toBe(json);
  expect((await readImage(file)).data).toEqual((await readImage(png)).data);
  expect(file.length).toBeLessThan(png.length + 2000);
});

test('any JSON comes back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const json = JSON.stringify(value);
      expect(readManifest(embedManifest(png, json))).toBe(json);
    }),
    { numRuns: 200, seed: 20 },
  );
});

test('the last one embedded is the only one', () => {
  const twice = embedManifest(embedManifest(png, '"first"'), '"second"');
  expect(readManifest(twice)).toBe('"second"');
  expect(twice.length).toBe(embedManifest(png, '"second"').length);
});

test('none', () => expect(readManifest(png)).toBeUndefined());

test('what cannot be embedded', async () => {
  expect(await failure(() => embedManifest(png, 'not json'))).toBeInstanceOf(ManifestError);
  expect(await failure(() => embedManifest(png, '"\ud800"'))).toBeInstanceOf(ManifestError);
  expect(await failure(() => embedManifest(png, '"xxxxxxxx"', { manifestBytes: 9 }))).toBeInstanceOf(LimitError);
  expect(await failure(() => embedManifest(Buffer.from('GIF89a'), '1'))).toMatchObject({ code: 'unsupported-format' });
});

test('a bomb is not unpacked', async () => {
  const file = withChunk(Buffer.concat([head(1), deflateSync(Buffer.alloc(64 * 1024 * 1024))]));
  const before = process.memoryUsage.rss();
  expect(await failure(() => readManifest(file))).toBeInstanceOf(LimitError);
  expect(process.memoryUsage.rss() - before).toBeLessThan(32 * 1024 * 1024);
});

test.each([
  ['flag', Buffer.from('tessera\0\x07\0\0\0{}', 'latin1')],
  ['method', Buffer.from('tessera\0\x01\x01\0\0{}', 'latin1')],
  ['no terminators', Buffer.from('tessera\0\0\0xx', 'latin1')],
  ['nothing after the keyword', Buffer.from('tessera\0', 'latin1')],
  ['zlib data', Buffer.concat([head(1), Buffer.from('zzzz')])],
  ['UTF-8', Buffer.concat([head(0), Buffer.from([0x22, 0xff, 0x22])])],
  ['JSON', Buffer.concat([head(0), Buffer.from('{')])],
])('bad %s', async (_, data) => {
  expect(await failure(() => readManifest(withChunk(data)))).toBeInstanceOf(ManifestError);
});

test('lengths and checksums', async () => {
  const file = Buffer.from(embedManifest(png, '{"a":1}'));
  const chunk = file.indexOf('iTXt', 0, 'latin1') - 4;
  const longer = Buffer.from(file);
  longer.writeUInt32BE(0xffffffff, chunk);
  const flipped = Buffer.from(file);
  flipped[chunk + 25] = flipped[chunk + 25]! ^ 1;
  for (const bad of [longer, flipped, file.subarray(0, chunk + 10), file.subarray(0, 8)]) {
    expect(await failure(() => readManifest(bad))).toBeInstanceOf(ManifestError);
  }
});

test('2,000 mutants from seed 1: our errors or a JSON text', () => {
  const file = embedManifest(png, JSON.stringify({ prompt: 'キツネ'.repeat(500) }));
  for (let seed = 1; seed <= 2000; seed += 1) {
    const next = random(seed);
    const copy = Buffer.from(file);
    for (let i = 0; i < 3; i += 1) copy[Math.floor(next() * 120)] = Math.floor(next() * 256);
    try {
      JSON.parse(readManifest(copy) ?? 'null');
    } catch (error) {
      expect(error, `seed ${seed}`).toBeInstanceOf(MediaError);
    }
  }
});
