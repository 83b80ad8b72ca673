// The measured step: the engine's own graph for the paper's preset, and feeds for it.
import { type Crop, cropSide, PRESETS, parsePlan, type RunPlan, type StepShape, viewPositions } from '@tessera/engine';
import { type Feeds, tensor } from '@tessera/runtime';
import type { MeasuredModels } from '../models/load.ts';
import type { TorchViews } from './torch.ts';

const PROMPT = 'a red apple on a table';

/** The paper's preset: 8 crops, moving average, noise, regularisation. */
export function paperPlan(
  models: MeasuredModels,
  frameEvery: 0 | 1,
  precision: RunPlan['precision'] = 'fp32',
): RunPlan {
  const { crops, ...fields } = PRESETS.paper;
  return parsePlan({
    ...fields,
    tokenizer: models.tokenizer.id,
    objectives: [{ kind: 'clip', model: models.encoder.id, prompt: PROMPT, crops }],
    iterations: 10_000,
    start: { kind: 'noise', sigma: 0.3 },
    frameEvery,
    precision,
    seed: 7,
  });
}

export function stepShape(models: MeasuredModels): StepShape {
  return {
    plan: paperPlan(models, 0),
    tokenizer: models.tokenizer,
    encoders: [models.encoder],
    lanes: 1,
    dtype: 'float32',
  };
}

/** Crops and a direction for the other implementation; the seed makes them different from step to step. */
export function views(models: MeasuredModels, seed: number): TorchViews {
  const { count, fraction, flip } = PRESETS.paper.crops;
  const side = models.config.tokenizer.imageSize;
  const uniform = sequence(seed);
  const inner = cropSide(side, fraction);
  const room = side - inner + 1;
  const crops: Crop[] = Array.from({ length: count }, () => ({
    top: Math.floor(uniform() * room),
    left: Math.floor(uniform() * room),
    flip: uniform() < flip,
  }));
  const direction = Float32Array.from({ length: models.config.clip.embedDim }, () => uniform() - 0.5);
  const norm = Math.hypot(...direction);
  return { crops, side: inner, direction: direction.map((x) => x / norm) };
}

export function startLatents(models: MeasuredModels): Float32Array {
  const { tokens, channels } = models.config.tokenizer;
  const uniform = sequence(1);
  return Float32Array.from({ length: tokens * channels }, () => uniform() - 0.5);
}

export function stepFeeds(
  models: MeasuredModels,
  latents: Float32Array,
  { crops, side, direction }: TorchViews,
): Feeds {
  const { tokens, channels } = models.config.tokenizer;
  const size = models.config.clip.image.imageSize;
  return {
    latents: tensor('float32', [1, tokens, channels], latents),
    weights: tensor('float32', [1, 1], Float32Array.of(1)),
    'o0.views': tensor('float32', [1, crops.length, 2, size], viewPositions(crops, side, size)),
    'o0.direction': tensor('float32', [1, direction.length], direction),
  };
}

/** Uniform numbers in 0..1 (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
