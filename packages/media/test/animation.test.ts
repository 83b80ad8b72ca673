// Animations: every container, decoded again by something else than what wrote it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { BufferSource, EncodedPacketSink, Input, MP4, WEBM } from 'mediabunny';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { encodeInOrder } from '../src/animation/ordered.ts';
import { type AnimationFormat, encodeAnimation, hasFfmpeg, type RgbFrame, sniff } from '../src/index.ts';
import { failure, largestDifference, smooth, withPlainSharp } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-animation-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

function* run(count: number, width = 48, height = 32): Generator<RgbFrame> {
  for (let i = 0; i < count; i += 1) yield smooth(width, height, i / count);
}

const save = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

type Decoded = { pages: number; pageHeight: number; width: number; loop: number; delay: number[]; data: number[] };
const decode = (name: string, bytes: Uint8Array) =>
  withPlainSharp(
    save(name, bytes),
    `const s = sharp(file, { animated: true }); const m = await s.metadata();
     const data = [...(await s.removeAlpha().raw().toBuffer())];
     return { pages: m.pages, pageHeight: m.pageHeight, width: m.width, loop: m.loop, delay: m.delay, data };`,
  ) as Decoded;

describe.each([
  ['webp', 30],
  ['gif', 90],
] as const)('%s', (format, tolerance) => {
  test('frames, delays, loop and pixels', async () => {
    const animation = await encodeAnimation(run(7), { format, fps: 30, loop: 3, holdLastMs: 500 });
    expect(animation).toMatchObject({ format, width: 48, height: 32, frames: 7 });
    expect(animation.durationMs).toBeCloseTo(7000 / 30 + 500, 6);
    const decoded = decode(`a.${format}`, animation.bytes);
    expect(decoded).toMatchObject({ pages: 7, pageHeight: 32, width: 48, loop: 3 });
    const total = decoded.delay.reduce((sum, wait) => sum + wait, 0);
    expect(Math.abs(total - animation.durationMs)).toBeLessThanOrEqual(5);
    expect(decoded.delay.at(-1)).toBeGreaterThan(500);
    const wanted = [...run(7)].flatMap(({ data }) => [...data]);
    expect(largestDifference(decoded.data, wanted)).toBeLessThanOrEqual(tolerance);
  });

  test('a single frame, odd sides, for ever', async () => {
    const { bytes } = await encodeAnimation(run(1, 33, 17), { format });
    const { width, height } = withPlainSharp(
      save(`one.${format}`, bytes),
      'return sharp(file).metadata();',
    ) as RgbFrame;
    expect([width, height]).toEqual([33, 17]);
  });

  test.each([0, 1, 2])('loop %i', async (loop) => {
    expect(decode(`loop.${format}`, (await encodeAnimation(run(2), { format, loop })).bytes).loop).toBe(loop);
  });
});

test('a GIF of one colour, whose palette is tiny', async () => {
  const flat: RgbFrame = { width: 9, height: 9, data: new Uint8Array(243).fill(77) };
  const { bytes } = await encodeAnimation([flat, flat], { format: 'gif' });
  expect(decode('flat.gif', bytes).data.every((value) => Math.abs(value - 77) <= 4)).toBe(true);
});

describe.each([
  ['webm', 'vp8'],
  ['mp4', 'av1'],
] as const)('%s without ffmpeg', (format, codec) => {
  test('is a video of key frames', async () => {
    vi.stubEnv('TESSERA_FFMPEG', '/nowhere/ffmpeg');
    const animation = await encodeAnimation(run(12), { format, fps: 24, holdLastMs: 1000 });
    expect(animation).toMatchObject({ format, codec, frames: 12, durationMs: 1500 });
    expect(sniff(animation.bytes)?.format).toBe(format);
    using input = new Input({ source: new BufferSource(animation.bytes), formats: [WEBM, MP4] });
    const track = (await input.getPrimaryVideoTrack())!;
    expect(track.codec).toBe(codec);
    expect([track.codedWidth, track.codedHeight]).toEqual([48, 32]);
    expect(await track.computeDuration()).toBeCloseTo(1.5, 2);
    const times: number[] = [];
    for await (const packet of new EncodedPacketSink(track).packets()) {
      expect(packet.type).toBe('key');
      times.push(packet.timestamp);
    }
    // The twelve frames, and the last once more at the end of the hold.
    expect(times.length).toBe(13);
    for (const [index, time] of times.slice(0, 12).entries()) expect(time).toBeCloseTo(index / 24, 2);
  });
});

test('H.264 that was asked for and cannot be made names the cure', async () => {
  vi.stubEnv('TESSERA_FFMPEG', '/nowhere/ffmpeg');
  expect(await hasFfmpeg()).toBe(false);
  const error = await failure(() => encodeAnimation(run(3), { format: 'mp4', codec: 'h264' }));
  expect(error).toMatchObject({ code: 'encoder-missing' });
  expect(String(error)).toMatch(/no ffmpeg on this machine; install it, or use webp/);
});

test('an ffmpeg that fails is quoted and leaves no file behind', async () => {
  const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tessera-mp4-'));
  const before = leftovers();
  vi.stubEnv('TESSERA_FFMPEG', process.execPath);
  const error = await failure(() => encodeAnimation(run(40, 256, 256), { format: 'mp4', codec: 'h264' }));
  expect(error).toMatchObject({ code: 'encode-failed' });
  expect(String(error)).toMatch(/ffmpeg failed: /);
  expect(leftovers()).toEqual(before);
});

const ffmpeg = await hasFfmpeg();
if (!ffmpeg) console.info('H.264 and independent decoding are skipped: no ffmpeg with libx264 (TESSERA_FFMPEG) here');
describe.skipIf(!ffmpeg)('with ffmpeg', () => {
  const program = process.env.TESSERA_FFMPEG || 'ffmpeg';
  const frames = (path: string, width: number, height: number) => {
    const raw = execFileSync(program, ['-v', 'error', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], {
      maxBuffer: 2 ** 26,
    });
    return raw.length / (width * height * 3) === Math.round(raw.length / (width * height * 3)) ? raw : Buffer.alloc(0);
  };
  test.each([
    ['webm', 'auto', 10],
    ['mp4', 'av1', 10],
    ['mp4', 'auto', 10],
  ] as const)('%s (%s) decodes to its pixels', async (format, codec, tolerance) => {
    const { bytes } = await encodeAnimation(run(10, 64, 48), { format, codec, fps: 25, quality: 95 });
    const raw = frames(save(`b.${codec}.${format}`, bytes), 64, 48);
    const wanted = Buffer.concat([...run(10, 64, 48)].map(({ data }) => data));
    expect(raw.length).toBe(wanted.length);
    const mean = wanted.reduce((sum, value, i) => sum + Math.abs(value - raw[i]!), 0) / wanted.length;
    expect(mean).toBeLessThan(tolerance);
  });

  test('H.264 pads odd sides and holds the last frame', async () => {
    const { bytes, codec } = await encodeAnimation(run(10, 33, 31), { format: 'mp4', fps: 10, holdLastMs: 1000 });
    expect(codec).toBe('h264');
    expect(frames(save('odd.mp4', bytes), 34, 32).length).toBe(20 * 34 * 32 * 3);
  });
});

test.each(['webp', 'gif', 'webm', 'mp4'] as const)('the smallest %s is 1 x 1', async (format) => {
  const { bytes } = await encodeAnimation(run(2, 1, 1), { format, codec: 'av1' });
  expect(sniff(bytes)?.format).toBe(format);
});

describe('frames are taken one by one', () => {
  test('from an async source, a handful at a time', async () => {
    let taken = 0;
    let done = 0;
    let ahead = 0;
    async function* source() {
      for (const frame of run(40)) {
        taken += 1;
        ahead = Math.max(ahead, taken - done);
        yield frame;
      }
    }
    const seen: number[] = [];
    await encodeAnimation(source(), {
      format: 'webp',
      onProgress: (count) => {
        seen.push(count);
        done = count;
      },
    });
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(ahead).toBeLessThanOrEqual(2);
  });

  test.each(['webp', 'gif', 'webm', 'mp4'] as const)(
    'an abort in %s stops the source and throws its reason',
    async (format) => {
      const controller = new AbortController();
      let closed = false;
      function* source() {
        try {
          for (const [index, frame] of [...run(50)].entries()) {
            if (index === 5) controller.abort(new Error('enough'));
            yield frame;
          }
        } finally {
          closed = true;
        }
      }
      const error = await failure(() => encodeAnimation(source(), { format, signal: controller.signal }));
      expect(error).toMatchObject({ message: 'enough' });
      expect(closed).toBe(true);
    },
  );

  test('a later frame that fails first is reported in its turn, and only there', async () => {
    async function* source() {
      yield* run(6, 2, 2);
    }
    let started = 0;
    const encode = async () => {
      const index = started++;
      if (index === 2) throw new Error('frame 2');
      await setTimeout(20);
      return Uint8Array.of(index);
    };
    const seen: number[] = [];
    const error = await failure(async () => {
      for await (const bytes of encodeInOrder(source(), encode)) seen.push(bytes[0]!);
    });
    expect(error).toMatchObject({ message: 'frame 2' });
    expect(seen).toEqual([0, 1]);
  });

  test('an error of the source comes through', async () => {
    function* source() {
      yield* run(3);
      throw new Error('decoder went away');
    }
    expect(await failure(() => encodeAnimation(source(), { format: 'webp' }))).toMatchObject({
      message: 'decoder went away',
    });
  });
});

test('wrong options, sizes and counts', async () => {
  const wrong = [
    { fps: 0 },
    { fps: Number.NaN },
    { fps: 61 },
    { loop: -1 },
    { loop: 0.5 },
    { holdLastMs: -1 },
    { quality: 0 },
  ];
  for (const options of wrong) {
    expect(await failure(() => encodeAnimation(run(2), { format: 'webp', ...options }))).toMatchObject({
      code: 'bad-option',
    });
  }
  expect(await failure(() => encodeAnimation(run(2), { format: 'gif', fps: 51 }))).toMatchObject({
    code: 'bad-option',
  });
  expect(await failure(() => encodeAnimation(run(2), { format: 'avi' as AnimationFormat }))).toMatchObject({
    code: 'bad-option',
  });
  for (const format of ['webp', 'gif', 'webm', 'mp4'] as const) {
    expect(await failure(() => encodeAnimation([], { format }))).toMatchObject({ code: 'frame-shape' });
    const mixed = [smooth(8, 8), smooth(9, 8)];
    expect(await failure(() => encodeAnimation(mixed, { format }))).toMatchObject({ code: 'frame-shape' });
  }
  const limits = { animationFrames: 4 };
  expect(await failure(() => encodeAnimation(run(5), { format: 'webp', limits }))).toMatchObject({
    code: 'over-limit',
  });
  expect(
    await failure(() => encodeAnimation(run(5), { format: 'webp', limits: { animationBytes: 100 } })),
  ).toMatchObject({ code: 'over-limit' });
});
