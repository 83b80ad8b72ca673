// Where a run begins: a checkpoint, noise, given latents or tokens, or an encoded seed image.
import type { Engine } from '../engine.ts';
import { CheckpointError, PlanError } from '../errors.ts';
import { latentChannels } from '../graphs/step.ts';
import type { LoadedTokenizer } from '../library.ts';
import type { RunPlan } from '../plan.ts';
import { normals } from '../random.ts';
import type { OptimiseOptions } from './run.ts';
import { RunState } from './run-state.ts';

/** @throws PlanError for a missing or misfitting seed, CheckpointError for a checkpoint of another tokenizer */
export async function startState(
  engine: Engine,
  plan: RunPlan,
  loaded: LoadedTokenizer,
  options: OptimiseOptions,
): Promise<RunState> {
  const { tokenizer, sha256 } = loaded;
  const length = tokenizer.tokens * latentChannels({ plan, tokenizer: loaded });
  const { from } = options;
  if (from) {
    if (from.tokenizer !== sha256)
      throw new CheckpointError('The checkpoint belongs to another tokenizer than the plan names.');
    if (from.latents.length !== length) {
      throw new CheckpointError(`The checkpoint holds ${from.latents.length} numbers, this plan optimises ${length}.`);
    }
    return RunState.restore({ ...from, plan });
  }
  if (plan.start.kind === 'noise') {
    const { sigma } = plan.start;
    return RunState.fresh(
      plan,
      sha256,
      normals(plan.seed, 'start', 0, length).map((x) => sigma * x),
    );
  }
  const latents = options.latents ?? (await seedLatents(engine, plan, loaded, options));
  if (latents.length !== length)
    throw new PlanError('start', `holds ${latents.length} numbers, this plan optimises ${length}`);
  return RunState.fresh(plan, sha256, latents);
}

async function seedLatents(
  engine: Engine,
  plan: RunPlan,
  loaded: LoadedTokenizer,
  { image, tokens }: OptimiseOptions,
): Promise<Float32Array> {
  if (tokens) return plan.quantisation === 'before' ? engine.vectors(loaded, tokens) : engine.latentsOf(loaded, tokens);
  if (!image) throw new PlanError('start', 'needs a seed: give an image, tokens, or start from noise');
  const encoded = await engine.encode(loaded, image);
  return plan.quantisation === 'before' ? encoded.vectors : encoded.latents;
}
