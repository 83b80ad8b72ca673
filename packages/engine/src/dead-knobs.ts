// Settings of a plan that do nothing, in words for the user.
import type { ObjectiveSpec, RunPlan } from './plan.ts';

/** One sentence per setting that has no effect, and what would give it one. */
export function deadKnobs(plan: RunPlan): string[] {
  const many = plan.objectives.length > 1;
  return [
    ...plan.objectives.flatMap((objective, i) => deadInObjective(objective, many ? ` (objective ${i + 1})` : '')),
    ...deadInPlan(plan),
  ];
}

function deadInObjective(objective: ObjectiveSpec, at: string): string[] {
  const found: string[] = [];
  if (objective.weight === 0) found.push(`The ${objective.kind} objective${at} has weight 0.`);
  if (objective.kind === 'clip' && objective.negativePrompt !== null && objective.cfg === 1) {
    found.push(`The negative prompt${at} does nothing at cfg 1: raise cfg above 1.`);
  }
  if (objective.kind === 'clip' && objective.negativePrompt === null && objective.cfg !== 1) {
    found.push(`cfg ${objective.cfg}${at} does nothing without a negative prompt.`);
  }
  return found;
}

function deadInPlan(plan: RunPlan): string[] {
  const found: string[] = [];
  if (plan.regularisation.weight === 0 && plan.regularisation.towards === 'seed') {
    found.push('Regularisation towards the seed has weight 0.');
  }
  if (plan.resetEvery > 0 && plan.resetEvery >= plan.iterations) {
    found.push(`A token reset every ${plan.resetEvery} steps never comes in a run of ${plan.iterations}.`);
  }
  if (plan.plateau && 2 * plan.plateau.window > plan.iterations) {
    found.push(`The plateau rule needs ${2 * plan.plateau.window} steps, the run has ${plan.iterations}.`);
  }
  return found;
}
