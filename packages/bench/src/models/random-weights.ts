// A safetensors file of random weights for the tensors that a graph reads: full-size models without a download.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, realpath, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Checkpoint, openSafetensors, type TensorSource } from '@tessera/models';

const SEED = 20250601;
/** Floats written at a time. */
const BLOCK = 1 << 20;

/** Names and shapes of the tensors that `build` asks for. */
export function recordTensors(build: (source: TensorSource) => void): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  let offset = 0;
  const places = new Map<string, number>();
  build({
    path: '/recorded.safetensors',
    tensor(name, shape) {
      const length = 4 * count(shape);
      // Every tensor needs a place of its own: weights at the same place are one value of the graph.
      const at = places.get(name) ?? offset;
      if (!places.has(name)) offset += length;
      places.set(name, at);
      shapes.set(name, shape);
      return { name, dtype: 'F32', offset: at, length };
    },
  });
  return shapes;
}

/** A file with these tensors in the cache folder: written once, then reused. */
export async function randomCheckpoint(
  label: string,
  shapes: ReadonlyMap<string, readonly number[]>,
): Promise<Checkpoint> {
  const sorted = [...shapes].sort(([a], [b]) => (a < b ? -1 : 1));
  const key = createHash('sha256')
    .update(JSON.stringify([SEED, sorted]))
    .digest('hex')
    .slice(0, 12);
  const folder = process.env.TESSERA_BENCH_CACHE ?? join(homedir(), '.cache', 'tessera', 'bench');
  const path = join(folder, `${label}-${key}.safetensors`);
  if (!existsSync(path)) {
    await mkdir(folder, { recursive: true });
    await write(`${path}.part`, sorted);
    await rename(`${path}.part`, path);
  }
  return openSafetensors(await realpath(path));
}

async function write(path: string, tensors: readonly (readonly [string, readonly number[]])[]): Promise<void> {
  let offset = 0;
  const header = Object.fromEntries(
    tensors.map(([name, shape]) => {
      const from = offset;
      offset += 4 * count(shape);
      return [name, { dtype: 'F32', shape, data_offsets: [from, offset] }];
    }),
  );
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = await open(path, 'w');
  try {
    await file.write(Buffer.concat([length, json]));
    const uniform = generator(SEED);
    for (const [name, shape] of tensors) {
      const { mean, deviation } = distribution(name, shape);
      // A uniform distribution of that deviation: the shape of the distribution costs no time and changes no timing.
      const width = deviation * Math.sqrt(12);
      for (let left = count(shape); left > 0; left -= BLOCK) {
        const values = new Float32Array(Math.min(left, BLOCK));
        for (let i = 0; i < values.length; i++) values[i] = mean + width * (uniform() - 0.5);
        await file.write(new Uint8Array(values.buffer));
      }
    }
  } finally {
    await file.close();
  }
}

/** Scales that keep activations and gradients of order one through any depth. */
function distribution(name: string, shape: readonly number[]): { mean: number; deviation: number } {
  const isVector = shape.length === 1;
  if (isVector && /weight$/.test(name)) return { mean: 1, deviation: 0.05 };
  if (isVector && /bias$/.test(name)) return { mean: 0, deviation: 0.02 };
  if (/codebook|embedding|token|positional/.test(name)) return { mean: 0, deviation: isVector ? 0.02 : 0.3 };
  const fanIn = name.endsWith('proj') ? shape[0]! : count(shape.slice(1));
  return { mean: 0, deviation: 1 / Math.sqrt(fanIn) };
}

/** Uniform numbers in 0..1 (xorshift32). Source: Marsaglia, "Xorshift RNGs", 2003. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const count = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);
