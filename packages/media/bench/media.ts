// Times and sizes of what runs put out and take in: `node --import tsx packages/media/bench/media.ts`.
import { type AnimationOptions, encodeAnimation, hasFfmpeg, type RgbFrame, readImage } from '../src/index.ts';
import { sharp } from '../src/sharp.ts';

const FRAMES = 300;
const MEGA = 1e6;

/** Drifting waves with a fine texture that changes from frame to frame, as decoded tokens do. */
function texture(size: number, index: number): RgbFrame {
  const data = new Uint8Array(size * size * 3);
  const time = index / FRAMES;
  for (let i = 0; i < data.length; i += 1) {
    const channel = i % 3;
    const u = (Math.floor(i / 3) % size) / size;
    const v = Math.floor(i / (3 * size)) / size;
    const wave = 0.25 * Math.sin(6 * u + 3 * time + channel) + 0.2 * Math.cos(9 * v - 4 * time * channel + 5 * u * v);
    const fine = 0.05 * Math.sin(60 * u * v + 40 * u + index * 0.7) * Math.cos(50 * v + index * 0.3);
    data[i] = Math.round(255 * Math.min(1, Math.max(0, 0.5 + wave + fine)));
  }
  return { width: size, height: size, data };
}

const mebibytes = () => Math.round(process.memoryUsage.rss() / 2 ** 20);

async function animations(size: number): Promise<void> {
  const frames = Array.from({ length: FRAMES }, (_, index) => texture(size, index));
  const kinds: AnimationOptions[] = [
    { format: 'webp' },
    { format: 'webm' },
    { format: 'gif' },
    { format: 'mp4', codec: 'av1' },
    ...((await hasFfmpeg()) ? [{ format: 'mp4', codec: 'h264' } as const] : []),
  ];
  for (const options of kinds) {
    const start = performance.now();
    const { bytes, codec } = await encodeAnimation(frames, { ...options, fps: 30, holdLastMs: 1000 });
    row(`${options.format} (${codec}), ${FRAMES} x ${size} px`, performance.now() - start, bytes.length);
  }
}

async function photos(): Promise<void> {
  const { data } = texture(2048, 0);
  const photo = () => sharp(data, { raw: { width: 2048, height: 2048, channels: 3 } }).resize(4096, 4096);
  const files = {
    jpeg: await photo().jpeg().toBuffer(),
    'progressive jpeg': await photo().jpeg({ progressive: true }).toBuffer(),
    'png, 16 bits': await photo().toColourspace('rgb16').png({ compressionLevel: 9 }).toBuffer(),
    webp: await photo().webp({ effort: 0 }).toBuffer(),
  };
  for (const [name, file] of Object.entries(files)) {
    const start = performance.now();
    await readImage(file, { maxBytes: 200 * MEGA });
    row(`read ${name}, 4096 x 4096 px`, performance.now() - start, file.length);
  }
}

function row(name: string, ms: number, bytes: number): void {
  const cells = [name.padEnd(36), `${ms.toFixed(0)} ms`.padStart(10), `${(bytes / MEGA).toFixed(2)} MB`.padStart(11)];
  console.log(...cells, `${mebibytes()} MiB RSS`.padStart(14));
}

await animations(128);
await animations(256);
await photos();
