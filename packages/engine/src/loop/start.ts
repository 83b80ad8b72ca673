// Where a run begins: a checkpoint, noise, given latents or tokens, or an encoded seed image.
import type { Tokenizer } from '@tessera/models';
import type { Encoded, Engine } from '../engine.ts';
import { CheckpointError, PlanError } from '../errors.ts';
import { latentChannels } from '../graphs/step.ts';
import type { LoadedTokenizer } from '../library.ts';
import type { RunPlan } from '../plan.ts';
import { normals } from '../random.ts';
import { continueUnder } from './continue.ts';
import { type Draws, seededDraws } from './draws.ts';
import { checkLocks } from './lock.ts';
import type { OptimiseOptions } from './run.ts';
import { RunState } from './run-state.ts';

/** @throws PlanError for a missing or misfitting seed or a locked position that the tokenizer does not have, CheckpointError for a checkpoint of another tokenizer */
export async function startState(
  engine: Engine,
  plan: RunPlan,
  loaded: LoadedTokenizer,
  options: OptimiseOptions,
): Promise<RunState> {
  const { tokenizer, sha256 } = loaded;
  const { tokens } = tokenizer;
  const length = tokens * latentChannels({ plan, tokenizer: loaded });
  checkLocks(plan, tokens);
  const { from } = options;
  if (from) {
    if (from.tokenizer !== sha256)
      throw new CheckpointError('The checkpoint belongs to another tokenizer than the plan names.');
    if (from.latents.length !== length) {
      throw new CheckpointError(`The checkpoint holds ${from.latents.length} numbers, this plan optimises ${length}.`);
    }
    return RunState.restore(continueUnder(from, plan), tokens);
  }
  if (plan.start.kind === 'noise') {
    const { sigma } = plan.start;
    return RunState.fresh(
      plan,
      sha256,
      normals(plan.seed, 'start', 0, length).map((x) => sigma * x),
      tokens,
    );
  }
  const latents = options.latents ?? (await seedLatents(engine, plan, loaded, options));
  if (latents.length !== length)
    throw new PlanError('start', `holds ${latents.length} numbers, this plan optimises ${length}`);
  return RunState.fresh(plan, sha256, latents, tokens);
}

async function seedLatents(
  engine: Engine,
  plan: RunPlan,
  loaded: LoadedTokenizer,
  options: OptimiseOptions,
): Promise<Float32Array> {
  const { image, tokens } = options;
  if (tokens) return plan.quantisation === 'before' ? engine.vectors(loaded, tokens) : engine.latentsOf(loaded, tokens);
  if (!image) throw new PlanError('start', 'needs a seed: give an image, tokens, or start from noise');
  const encoded = await engine.encode(loaded, image);
  if (plan.quantisation === 'straight-through') return encoded.latents;
  const drawn = loaded.tokenizer.kind === 'vae' && plan.vae === 'sample';
  return drawn ? sampleOf(encoded, loaded.tokenizer, options.draws ?? seededDraws(plan.seed)) : encoded.vectors;
}

/** A draw from the encoder's Gaussian: mean + exp(logvar / 2) epsilon. Source: reference, TestTimeOpt.encode. */
function sampleOf({ latents, vectors }: Encoded, { tokens, channels }: Tokenizer, draws: Draws): Float32Array {
  const epsilon = draws.epsilon(0, tokens * channels);
  return vectors.map((mean, i) => {
    const logVariance = latents[Math.floor(i / channels) * 2 * channels + channels + (i % channels)]!;
    return mean + Math.exp(Math.min(20, Math.max(-30, logVariance)) / 2) * epsilon[i]!;
  });
}
