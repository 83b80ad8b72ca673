// What a step shows of itself: the frame and its score where the plan asks for them, and how far each token was moved.
import type { Engine } from '../engine.ts';
import { PlanError } from '../errors.ts';
import type { StepEvent, Tokens } from '../events.ts';
import type { RunPlan } from '../plan.ts';
import type { RunModels } from './run-models.ts';

export interface Look {
  readonly frame?: StepEvent['frame'];
  readonly score?: number;
}

/** Decodes and scores the shown tokens where the plan asks for it at this step. `last`: the run ends with it. */
export async function look(
  engine: Engine,
  { tokenizer, meter }: RunModels,
  { plan, shown, step, last }: { plan: RunPlan; shown: Tokens; step: number; last: boolean },
): Promise<Look> {
  const framed = plan.frameEvery > 0 && (last || step % plan.frameEvery === 0);
  const due = plan.meter && (last || step % plan.meter.every === 0) ? plan.meter : undefined;
  if (!framed && !due) return {};
  const frame = await engine.decode(tokenizer, shown);
  if (!due || !meter) return { frame };
  const score = await engine.score(meter, frame, due.prompt ?? firstPrompt(plan));
  return { score, ...(framed && { frame }) };
}

function firstPrompt(plan: RunPlan): string {
  for (const objective of plan.objectives) if ('prompt' in objective) return objective.prompt;
  throw new PlanError('meter.prompt', 'is needed when no objective has a prompt');
}

/** Euclidean norm per token of [tokens, channels]. */
export function rowNorms(x: Float32Array, tokens: number): Float32Array {
  const channels = x.length / tokens;
  return Float32Array.from({ length: tokens }, (_, t) => Math.hypot(...x.subarray(t * channels, (t + 1) * channels)));
}

/** Positions whose index is another than before; none for vectors. */
export function changedPositions(before: Tokens | undefined, after: Tokens): number[] {
  if (before?.kind !== 'indices' || after.kind !== 'indices') return [];
  return Array.from(after.data.keys()).filter((i) => after.data[i] !== before.data[i]);
}
