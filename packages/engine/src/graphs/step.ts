// One optimisation step as one graph: latents to quantised tokens, decoded images, losses, and the gradient at the latents.
import { type FloatDType, f, Graph, gradients, type OnnxModel, toOnnx, type Value } from '@tessera/graph';
import type { LoadedEncoder, LoadedTokenizer } from '../library.ts';
import { objectiveOf } from '../objectives/table.ts';
import type { RunPlan } from '../plan.ts';

/** What shapes a step graph. Numbers that may change between steps are inputs, not part of it. */
export interface StepShape {
  readonly plan: Pick<RunPlan, 'objectives' | 'quantisation' | 'vae'>;
  readonly tokenizer: LoadedTokenizer;
  /** By index of the objective. */
  readonly encoders: readonly (LoadedEncoder | undefined)[];
  readonly lanes: number;
  readonly dtype: FloatDType;
}

/** Shapes with equal keys compile to the same graph. */
export function stepKey({ plan, tokenizer, encoders, lanes, dtype }: StepShape): string {
  const objectives = plan.objectives.map(
    (spec, i) => `${objectiveOf(spec).graphKey(spec)} ${encoders[i]?.sha256 ?? ''}`,
  );
  return ['step', tokenizer.sha256, plan.quantisation, plan.vae, lanes, dtype, ...objectives].join('|');
}

/** Length of one lane's optimised tensor and its channels per token. */
export function latentChannels({
  plan,
  tokenizer: { tokenizer },
}: Pick<StepShape, 'tokenizer'> & { readonly plan: Pick<RunPlan, 'quantisation'> }): number {
  return plan.quantisation === 'before' ? tokenizer.channels : tokenizer.latentChannels;
}

/** Whether a step draws a sample of a VAE's tokens. */
export function samples({
  plan,
  tokenizer: { tokenizer },
}: Pick<StepShape, 'tokenizer'> & { readonly plan: Pick<RunPlan, 'quantisation' | 'vae'> }): boolean {
  return tokenizer.kind === 'vae' && plan.vae === 'sample' && plan.quantisation === 'straight-through';
}

/**
 * Inputs, all with the lanes first: latents [B, tokens, channels]; weights [B, objectives] (times the loss scale in half
 * precision); epsilon (VAE samples); target, mask (pixel objectives); o<i>.views, o<i>.direction.
 * Outputs: gradient like latents, of the weighted sum; o<i>.loss [B], unweighted; o<i>.features [B, embedDim].
 */
export function buildStep(shape: StepShape): OnnxModel {
  const { graph, outputs } = stepGraph(shape);
  return toOnnx(graph, outputs);
}

/** The graph of `buildStep` before it is written as ONNX. */
export function stepGraph(shape: StepShape): { graph: Graph; outputs: Record<string, Value> } {
  const {
    plan,
    tokenizer: { tokenizer },
    encoders,
    lanes,
    dtype,
  } = shape;
  const graph = new Graph();
  const latents = graph.input('latents', [lanes, tokenizer.tokens, latentChannels(shape)]);
  const epsilon = samples(shape) ? graph.input('epsilon', [lanes, tokenizer.tokens, tokenizer.channels]) : undefined;
  const vectors = plan.quantisation === 'before' ? latents : tokenizer.quantise(graph, latents, epsilon).vectors;
  const image = tokenizer.decode(graph, vectors, dtype);
  const outputs: Record<string, Value> = {};
  const declare = (name: string, inner: readonly number[]) =>
    graph.inputs.get(name) ?? graph.input(name, [lanes, ...inner]);
  const losses = plan.objectives.map((spec, i) => {
    const built = objectiveOf(spec).build({
      graph,
      spec,
      image,
      encoder: encoders[i],
      dtype,
      input: (name, inner) => declare(`o${i}.${name}`, inner),
      shared: declare,
    });
    outputs[`o${i}.loss`] = built.loss;
    if (built.features) outputs[`o${i}.features`] = built.features;
    return built.loss;
  });
  const weights = graph.input('weights', [lanes, losses.length]);
  const stacked = f.concat(
    losses.map((loss) => f.reshape(loss, [lanes, 1])),
    1,
  );
  const total = f.reduceSum(f.mul(stacked, weights), [0, 1]);
  const [gradient] = gradients(graph, total, [latents]);
  return { graph, outputs: { ...outputs, gradient: gradient! } };
}
