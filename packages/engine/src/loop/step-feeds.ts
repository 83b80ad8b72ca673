// The inputs of one run's next step, and what its objectives reported, by the names that graphs/step.ts gives them.
import { type Tensor, tensor } from '@tessera/runtime';
import { latentChannels, type StepShape, samples } from '../graphs/step.ts';
import type { ObjectiveTerm, PreparedPrompts, Target } from '../objectives/objective.ts';
import { dot } from '../objectives/similarity.ts';
import { objectiveOf } from '../objectives/table.ts';
import { floats } from '../outputs.ts';
import type { ObjectiveSpec } from '../plan.ts';
import type { Draws } from './draws.ts';
import { freeMask } from './lock.ts';
import type { RunState } from './run-state.ts';

export interface StepFeedsContext {
  readonly shape: StepShape;
  readonly state: RunState;
  readonly draws: Draws;
  readonly prepared: readonly (PreparedPrompts | undefined)[];
  readonly target: Target | undefined;
}

/** Inputs of one lane, each [1, ...]. */
export function stepFeeds({ shape, state, draws, prepared, target }: StepFeedsContext): Record<string, Tensor> {
  const { plan, step } = state;
  const { tokenizer } = shape.tokenizer;
  const { tokens, channels, imageSize: side } = tokenizer;
  const one = (inner: readonly number[], data: Float32Array) => tensor('float32', [1, ...inner], data);
  const weights = Float32Array.from(plan.objectives, ({ weight }) => weight * state.lossScale);
  const feeds: Record<string, Tensor> = {
    latents: one([tokens, latentChannels(shape)], state.latents),
    weights: one([plan.objectives.length], weights),
  };
  if (samples(shape)) {
    // A locked token is its mean: epsilon [tokens, channels] lies beside latents of twice the channels.
    const free = freeMask(plan.lockedPositions, tokens, tokens * channels);
    feeds.epsilon = one(
      [tokens, channels],
      draws.epsilon(step, tokens * channels).map((x, i) => x * free[i]!),
    );
  }
  if (target && plan.objectives.some((spec) => objectiveOf(spec).needsTarget)) {
    feeds.target = one([3, side, side], target.image);
    feeds.mask = one([1, side, side], target.mask);
  }
  for (const [i, spec] of plan.objectives.entries()) {
    const at = { step, draws, imageSize: side, encoder: shape.encoders[i] };
    for (const [name, feed] of Object.entries(objectiveOf(spec).feeds(spec, prepared[i], at))) {
      feeds[`o${i}.${name}`] = one(feed.shape, feed.data);
    }
  }
  return feeds;
}

/** What each objective reported of one lane. */
export function stepTerms(
  objectives: readonly ObjectiveSpec[],
  prepared: readonly (PreparedPrompts | undefined)[],
  outputs: Record<string, Tensor>,
): ObjectiveTerm[] {
  return objectives.map(({ kind, weight }, i) => {
    const loss = floats(outputs, `o${i}.loss`)[0]!;
    const prompts = prepared[i];
    if (!prompts) return { kind, weight, loss };
    const features = floats(outputs, `o${i}.features`);
    const similarity = dot(features, prompts.positive);
    if (!prompts.negative) return { kind, weight, loss, similarity };
    return { kind, weight, loss, similarity, negativeSimilarity: dot(features, prompts.negative) };
  });
}
