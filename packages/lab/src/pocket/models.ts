// Everything the benchmark runs on: an engine on the CPU, the models of one folder, the benchmark's scenes.
import { join } from 'node:path';
import { Engine, type LoadedEncoder, type LoadedTokenizer, type ModelLibrary, storeLibrary } from '@tessera/engine';
import { ModelStore } from '@tessera/models';
import { openRuntime } from '@tessera/runtime';
import { type Benchmark, readBenchmark, type Split } from './benchmark.ts';
import { BenchmarkFileError } from './errors.ts';
import { Judge } from './judge.ts';
import { has } from './parts.ts';

/** Ids by which plans name the models of the folder, as users do. */
export const TOKENIZER = 'pocket-32';
export const CLIP = 'pocket-clip';

export interface Bench {
  readonly folder: string;
  readonly library: ModelLibrary;
  readonly engine: Engine;
  readonly benchmark: Benchmark;
  readonly tokenizer: LoadedTokenizer;
  /** undefined: the folder has none. */
  readonly clip: LoadedEncoder | undefined;
  readonly siglip: LoadedEncoder | undefined;
  readonly judge: Judge | undefined;
}

/**
 * Opens what is there; `requireParts` says before whether it is enough.
 * @throws BenchmarkFileError, and the errors of the model library. Dispose of `engine` after use.
 */
export async function openBench(folder: string, threads: number, split: Split): Promise<Bench> {
  const library = storeLibrary(
    new ModelStore({ embedded: { [TOKENIZER]: join(folder, 'tokenizer'), [CLIP]: join(folder, 'clip') } }),
  );
  const benchmark = await readBenchmark(join(folder, 'benchmark'), split);
  const tokenizer = await opened(folder, 'tokenizer', library.tokenizer(TOKENIZER));
  const side = tokenizer.tokenizer.imageSize;
  if (side !== benchmark.tile) {
    throw new BenchmarkFileError(
      join(folder, 'benchmark', `${split}.json`),
      `its scenes have ${benchmark.tile} px, the tokenizer reads ${side} px`,
    );
  }
  const optional = async <T>(part: string, open: () => Promise<T>): Promise<T | undefined> =>
    (await has(folder, `${part}/model.safetensors`)) ? opened(folder, part, open()) : undefined;
  const clip = await optional('clip', () => library.encoder(CLIP));
  const siglip = await optional('siglip', () => library.encoder(join(folder, 'siglip')));
  const judge = await optional('judge', () => Judge.open(join(folder, 'judge')));
  // Inline: nothing else waits for this process, and a graph's outputs need no copy from a child.
  const runtime = await openRuntime({ provider: 'cpu', process: 'inline', threads });
  const engine = new Engine({ runtime, library, idleGraphs: 24 });
  return { folder, library, engine, benchmark, tokenizer, clip, siglip, judge };
}

/** Engines that edit beside each other. */
export interface Editors extends AsyncDisposable {
  readonly engines: readonly Engine[];
}

/**
 * One engine per core, each with one thread in a process of its own: a step of the pocket models is too small to be shared
 * by two threads without loss, and two edits at once lose nothing.
 */
export async function openEditors({ library }: Bench, cores: number): Promise<Editors> {
  const open = async () => {
    const runtime = await openRuntime({ provider: 'cpu', process: 'child', threads: 1 });
    return new Engine({ runtime, library });
  };
  const engines = await Promise.all(Array.from({ length: cores }, open));
  return {
    engines,
    async [Symbol.asyncDispose]() {
      await Promise.all(engines.map((engine) => engine[Symbol.asyncDispose]()));
    },
  };
}

/** Whatever is wrong with a model's files, told as a fault of that part. */
async function opened<T>(folder: string, part: string, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof BenchmarkFileError) throw error;
    throw new BenchmarkFileError(join(folder, part), error instanceof Error ? error.message : String(error), error);
  }
}
