// Whole runs of the reference loop, step by step: tokens after every step, the image and the loss before its update.
// Every step is a run of its own, resumed from the checkpoint of the step before, so resuming is under test as well.
import { type Checkpoint, Engine, type RunResult, type StepEvent } from '@tessera/engine';
import { Graph, toOnnx } from '@tessera/graph';
import { openRuntime, type Runtime, tensor } from '@tessera/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  GoldenFile,
  goldenEntries,
  goldenLibrary,
  readTrajectory,
  relativeError,
  type Trajectory,
  tokensFirst,
} from '../../src/index.ts';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', process: 'inline' });
});
afterAll(() => runtime[Symbol.asyncDispose]());

/** One item of a recorded sequence [steps, ...]. */
function at(file: GoldenFile, name: string, step: number) {
  const { shape, data } = file.tensor(name);
  const count = data.length / shape[0]!;
  return { shape: shape.slice(1), data: data.subarray(step * count, (step + 1) * count) };
}

async function oneStep(engine: Engine, t: Trajectory, file: GoldenFile, from: Checkpoint | undefined) {
  const abort = new AbortController();
  const run = engine.optimise(t.plan, {
    ...(from ? { from } : start(t, file)),
    ...(t.inpainting && { target: { image: file.tensor('image').data, mask: file.tensor('mask').data } }),
    draws: t.draws,
    signal: abort.signal,
  });
  const first = await run.next();
  abort.abort();
  const last = await run.next();
  return { event: first.value as StepEvent, result: last.value as RunResult };
}

function start(t: Trajectory, file: GoldenFile) {
  return t.inpainting
    ? { image: file.tensor('masked_seed').data }
    : { latents: tokensFirst(file.tensor('seed_tokens')).data };
}

/** The image that step `i` decodes: its latents with the step's noise, quantised, decoded, not clamped. */
async function decodedAt(engine: Engine, t: Trajectory, latents: Float32Array, step: number): Promise<Float32Array> {
  const { tokenizer } = await engine.library.tokenizer(t.plan.tokenizer);
  const share = 0.5 * (1 + Math.cos(Math.PI * Math.min(1, (1.5 * step) / (t.steps - 1))));
  const noise = t.plan.noise ? t.draws.noise(step, latents.length) : undefined;
  const noisy = latents.map((x, i) => x + (noise ? t.plan.noise * share * noise[i]! : 0));
  const graph = new Graph();
  const shape = [1, tokenizer.tokens, latents.length / tokenizer.tokens];
  const input = graph.input('latents', shape);
  const vectors = t.plan.quantisation === 'before' ? input : tokenizer.quantise(graph, input).vectors;
  await using session = await runtime.load(toOnnx(graph, { image: tokenizer.decode(graph, vectors) }));
  const { image } = await session.run({ latents: tensor('float32', shape, noisy) });
  return image!.data as Float32Array;
}

/** 8-bit HWC to CHW in 0..1. */
function planes({ data, width, height }: { data: Uint8Array; width: number; height: number }): Float32Array {
  const size = width * height;
  return Float32Array.from({ length: 3 * size }, (_, i) => data[(i % size) * 3 + Math.floor(i / size)]! / 255);
}

describe.each(goldenEntries('', 'trajectories'))('%s', (name) => {
  it('follows the reference', async () => {
    const file = await GoldenFile.open('trajectories', name);
    const t = readTrajectory(name, file);
    const engine = new Engine({ runtime, library: goldenLibrary(file) });
    let from: Checkpoint | undefined;
    let result: RunResult | undefined;
    for (let step = 0; step < t.steps; step++) {
      const before = from?.latents;
      const one = await oneStep(engine, t, file, from);
      const latents = before ?? one.result.checkpoint.start;
      expect(relativeError(await decodedAt(engine, t, latents, step), at(file, 'decoded', step).data)).toBeLessThan(
        1e-4,
      );
      expect(Math.abs(one.event.loss - at(file, 'loss', step).data[0]!)).toBeLessThan(1e-4);
      const tokens = tokensFirst(at(file, 'tokens_ema', step)).data;
      expect(relativeError(one.result.checkpoint.average, tokens)).toBeLessThan(1e-4);
      result = one.result;
      from = result.checkpoint;
    }
    // The result is 8-bit: it may be half a level off.
    const expected = file.tensor('final_image').data;
    const worst = planes(result!.frame).reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i]!)), 0);
    expect(worst).toBeLessThan(0.5 / 255 + 1e-4);
  });
});
