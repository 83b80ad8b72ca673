// What the tests share: seeded randomness, pictures with known content, and a plain sharp in another process.
import { execFileSync } from 'node:child_process';
import { crc32, deflateSync } from 'node:zlib';
import type { RgbFrame } from '../src/index.ts';
import { sharp } from '../src/sharp.ts';

/** Uniform numbers in 0..1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A smooth picture that drifts with `time`. */
export function smooth(width: number, height: number, time = 0): RgbFrame {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let c = 0; c < 3; c += 1) {
        const wave = Math.sin((6 * x) / width + 3 * time + c) + Math.cos((5 * y) / height - 2 * time * c);
        data[(y * width + x) * 3 + c] = Math.round(127.5 + 55 * wave);
      }
    }
  }
  return { width, height, data };
}

export const RED = [220, 30, 40] as const;
export const GREEN = [30, 200, 60] as const;
export const BLUE = [40, 50, 210] as const;
export const GREY = [128, 128, 128] as const;

/** Four quarters: red, green / blue, grey; tells every rotation and flip apart. */
export function quarters(width: number, height: number): RgbFrame {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = y < height / 2 ? (x < width / 2 ? RED : GREEN) : x < width / 2 ? BLUE : GREY;
      data.set(colour, (y * width + x) * 3);
    }
  }
  return { width, height, data };
}

/** The pixel at a fraction of width and height. */
export function pixel(frame: RgbFrame, u: number, v: number): number[] {
  const at = (Math.floor(v * frame.height) * frame.width + Math.floor(u * frame.width)) * 3;
  return [...frame.data.subarray(at, at + 3)];
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

export const open = ({ data, width, height }: RgbFrame) => sharp(data, { raw: { width, height, channels: 3 } });

/** Runs `body` (with `sharp` and `file`, the path of `bytes`) where no loader is blocked; gives back its JSON result. */
export function withPlainSharp(file: string, body: string): unknown {
  const script = `const sharp = require('sharp'); (async (file) => { ${body} })(process.argv[1]).then((r) => console.log(JSON.stringify(r)))`;
  return JSON.parse(
    execFileSync(process.execPath, ['-e', script, file], { encoding: 'utf8', cwd: import.meta.dirname }),
  );
}

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), chunk.length - 4);
  return chunk;
}

/** A PNG of zeros, written by hand; `extra` chunks stand before the pixels. */
export function zeroPng(width: number, height: number, bits: number, colourType: number, extra: Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, colourType], 8);
  const channels = { 0: 1, 2: 3, 4: 2, 6: 4 }[colourType] ?? 1;
  const rows = Buffer.alloc(height * (1 + Math.ceil((width * channels * bits) / 8)));
  const pixels = deflateSync(rows, { level: 1 });
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...extra,
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The error that `work` ends in; fails when it does not. */
export async function failure(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('expected an error, got a result');
}
