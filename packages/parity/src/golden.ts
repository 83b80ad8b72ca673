// Access to a folder of golden files: oracles computed by the published reference implementations.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Checkpoint, openSafetensors } from '@tessera/models';

const OWN = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'golden');

/** The folder under test: `TESSERA_GOLDEN`, or the fixtures of this package. */
export const GOLDEN = process.env.TESSERA_GOLDEN ? resolve(process.env.TESSERA_GOLDEN) : OWN;

export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** All tensors of one golden file as float32 (integers converted), and its metadata. */
export class GoldenFile {
  readonly #checkpoint: Checkpoint;

  private constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
  }

  static async open(...parts: string[]): Promise<GoldenFile> {
    return new GoldenFile(await openSafetensors(join(GOLDEN, ...parts)));
  }

  has(name: string): boolean {
    return this.#checkpoint.tensors.has(name);
  }

  tensor(name: string): GoldenTensor {
    const { shape, dtype } = this.#checkpoint.tensor(name);
    const integers = dtype.startsWith('I') || dtype.startsWith('U');
    return {
      shape,
      data: integers ? Float32Array.from(this.#checkpoint.readIntegers(name)) : this.#checkpoint.read(name),
    };
  }

  integers(name: string): Int32Array {
    return this.#checkpoint.readIntegers(name);
  }

  get metadata(): ReadonlyMap<string, string> {
    return this.#checkpoint.metadata;
  }
}

export function goldenJson(...parts: string[]): unknown {
  return JSON.parse(readFileSync(join(GOLDEN, ...parts), 'utf8'));
}

/** Names of the folders of the golden folder that start with `prefix`, or of the files of one of its folders. */
export function goldenEntries(prefix: string, folder = ''): string[] {
  const path = join(GOLDEN, folder);
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => name.startsWith(prefix))
        .sort()
    : [];
}

/** Norm of the difference over the norm of the expected values. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  return Math.sqrt(difference) / Math.max(Math.sqrt(norm), 1e-12);
}

/** [B, C, 1, T], the reference's layout of tokens, to our [B, T, C]. */
export function tokensFirst({ shape, data }: GoldenTensor): GoldenTensor {
  const [batch, channels, , tokens] = shape as [number, number, number, number];
  const out = new Float32Array(data.length);
  for (let b = 0; b < batch; b++) {
    for (let c = 0; c < channels; c++) {
      for (let t = 0; t < tokens; t++) out[(b * tokens + t) * channels + c] = data[(b * channels + c) * tokens + t]!;
    }
  }
  return { shape: [batch, tokens, channels], data: out };
}
