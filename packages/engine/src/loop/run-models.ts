// The models that a plan names.
import type { LoadedEncoder, LoadedTokenizer, ModelLibrary } from '../library.ts';
import { objectiveOf } from '../objectives/table.ts';
import type { RunPlan } from '../plan.ts';

export interface RunModels {
  readonly tokenizer: LoadedTokenizer;
  /** By index of the objective; undefined for objectives on pixels. */
  readonly encoders: readonly (LoadedEncoder | undefined)[];
  /** The independent scorer. */
  readonly meter: LoadedEncoder | undefined;
}

export async function loadRunModels(library: ModelLibrary, plan: RunPlan): Promise<RunModels> {
  const encoders = plan.objectives.map((spec) => {
    const model = objectiveOf(spec).model(spec);
    return model === undefined ? undefined : library.encoder(model);
  });
  return {
    tokenizer: await library.tokenizer(plan.tokenizer),
    encoders: await Promise.all(encoders),
    meter: plan.meter ? await library.encoder(plan.meter.model) : undefined,
  };
}
