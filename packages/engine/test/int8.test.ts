// The int8 step on the embedded models: how far its gradient and its runs are from those of fp32.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelStore } from '@tessera/models';
import { POCKET_MODELS } from '@tessera/pocket';
import { openRuntime, tensor } from '@tessera/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildStep,
  Engine,
  type LoadedEncoder,
  type LoadedTokenizer,
  type ModelLibrary,
  seededDraws,
  storeLibrary,
  viewPositions,
} from '../src/index.ts';
import { smallPlan } from '../src/testing.ts';
import { finish } from './support.ts';

const CROPS = { count: 2, fraction: 0.875, flip: 0.5 };
const plan = smallPlan({
  objectives: [{ kind: 'clip', model: 'pocket-clip', prompt: 'a cat on a beach at night', crops: CROPS }],
  iterations: 30,
  ema: 0,
  frameEvery: 0,
});
const last = <T>(items: readonly T[]): T => items.at(-1)!;

let cache: string;
let library: ModelLibrary;
let engine: Engine;
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'tessera-int8-'));
  library = storeLibrary(new ModelStore({ embedded: POCKET_MODELS }), cache);
  engine = new Engine({ runtime: await openRuntime({ provider: 'cpu', process: 'inline', threads: 2 }), library });
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(cache, { recursive: true, force: true });
});

/** Gradient at the tokens of the first step after `seed`'s start. */
async function gradient(tokenizer: LoadedTokenizer, encoder: LoadedEncoder, seed: number): Promise<Float32Array> {
  const { tokens, latentChannels, imageSize } = tokenizer.tokenizer;
  const size = encoder.encoder.imageSize;
  const draws = seededDraws(seed);
  const shape = { plan, tokenizer, encoders: [encoder], lanes: 1, dtype: 'float32' } as const;
  const session = await engine.runtime.load(buildStep(shape));
  const views = viewPositions(draws.crops(0, imageSize, CROPS), Math.round(imageSize * CROPS.fraction), size);
  const direction = await engine.embedText(await library.encoder('pocket-clip'), 'a cat on a beach at night');
  const outputs = await session.run({
    latents: tensor('float32', [1, tokens, latentChannels], draws.noise(0, tokens * latentChannels)),
    weights: tensor('float32', [1, 1], Float32Array.of(1)),
    'o0.views': tensor('float32', [1, CROPS.count, 2, size], views),
    'o0.direction': tensor('float32', [1, direction.length], direction),
  });
  await session[Symbol.asyncDispose]();
  return Float32Array.from(outputs.gradient!.data, Number);
}

describe('precision int8', () => {
  it('gives a gradient along that of fp32', async () => {
    const [tokenizer, encoder] = [await library.tokenizer('pocket-32'), await library.encoder('pocket-clip')];
    const cosines: number[] = [];
    for (const seed of [1, 2]) {
      const exact = await gradient(tokenizer, encoder, seed);
      const rounded = await gradient(await tokenizer.int8!(), await encoder.int8!(), seed);
      const dot = exact.reduce((sum, x, i) => sum + x * rounded[i]!, 0);
      cosines.push(dot / (Math.hypot(...exact) * Math.hypot(...rounded)));
    }
    console.log(
      `cosine of the int8 gradient with fp32's, seeds 1 and 2: ${cosines.map((c) => c.toFixed(4)).join(', ')}`,
    );
    expect(Math.min(...cosines)).toBeGreaterThan(0.98);
    expect(Math.max(...cosines)).toBeLessThan(0.99999);
  });

  it('ends runs as well as fp32 on the mean of some seeds, and keeps one file per model', async () => {
    // Rounding sends a run over other tokens, as other draws do: single runs end up to 0.17 apart, either way.
    const ends: Record<'fp32' | 'int8', number[]> = { fp32: [], int8: [] };
    for (const seed of [1, 2, 3, 4]) {
      for (const precision of ['fp32', 'int8'] as const) {
        const { events, result } = await finish(engine, { ...plan, seed, precision });
        expect(result.manifest.plan.precision).toBe(precision);
        ends[precision].push(last(events).terms[0]!.similarity!);
      }
    }
    const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
    const shown = Object.entries(ends).map(([name, values]) => `${name} ${values.map((x) => x.toFixed(3)).join(' ')}`);
    console.log(`similarity after 30 steps, seeds 1 to 4: ${shown.join('; ')}`);
    expect(ends.int8).not.toEqual(ends.fp32);
    expect(Math.abs(mean(ends.int8) - mean(ends.fp32))).toBeLessThan(0.1);
    expect(await readdir(join(cache, 'int8'))).toHaveLength(2);
  });

  it('shows frames that are exactly what their tokens decode to', async () => {
    const { result } = await finish(engine, { ...plan, iterations: 2, precision: 'int8' });
    expect(await engine.decode(await library.tokenizer('pocket-32'), result.tokens)).toEqual(result.frame);
  });

  it('also takes pixels, whose only products are those of the encoder', async () => {
    const { events } = await finish(engine, { ...plan, tokenizer: 'pixels-128', iterations: 2, precision: 'int8' });
    expect(events.every(({ skipped }) => !skipped)).toBe(true);
  });

  it('is refused by name on another provider, and for models without an int8 form', async () => {
    const runtime = Object.create(engine.runtime, { provider: { value: 'cuda' } });
    const elsewhere = new Engine({ runtime, library });
    await expect(finish(elsewhere, { ...plan, precision: 'int8' })).rejects.toMatchObject({
      code: 'PLAN_INVALID',
      path: 'precision',
      message: expect.stringMatching(/cpu provider only, this is cuda/),
    });
    const { id, sha256, tokenizer } = await library.tokenizer('pocket-32');
    const bare: ModelLibrary = { ...library, tokenizer: async () => ({ id, sha256, tokenizer }) };
    const without = new Engine({ runtime: engine.runtime, library: bare });
    await expect(finish(without, { ...plan, precision: 'int8' })).rejects.toThrow(
      /^precision: pocket-32 has no int8 form/,
    );
  });
});
