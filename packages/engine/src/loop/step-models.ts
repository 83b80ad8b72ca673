// The models as a step multiplies by them: the run's own, or their int8 forms.
import { PlanError } from '../errors.ts';
import type { RunPlan } from '../plan.ts';
import type { RunModels } from './run-models.ts';

export type StepModels = Pick<RunModels, 'tokenizer' | 'encoders'>;

/** @throws PlanError for int8 on a provider that has no such products, or models that have no int8 form */
export async function stepModels(models: RunModels, plan: RunPlan, provider: string): Promise<StepModels> {
  if (plan.precision !== 'int8') return models;
  if (provider !== 'cpu') {
    throw new PlanError('precision', `int8 runs on the cpu provider only, this is ${provider}: choose fp16 or fp32`);
  }
  return {
    tokenizer: await int8Form(models.tokenizer),
    encoders: await Promise.all(models.encoders.map((encoder) => encoder && int8Form(encoder))),
  };
}

function int8Form<T extends { readonly id: string; int8?(): Promise<T> }>(model: T): Promise<T> {
  if (!model.int8) throw new PlanError('precision', `${model.id} has no int8 form: choose fp32`);
  return model.int8();
}
