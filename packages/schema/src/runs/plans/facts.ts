// What is read off a plan: its prompts, what it needs besides tokens, what a worker must offer.
import { deadKnobs, type RunPlan } from '@tessera/engine/plan';

/** Prompts of its objectives, in order. */
export function promptsOf(plan: RunPlan): string[] {
  return plan.objectives.flatMap((objective) => ('prompt' in objective ? [objective.prompt] : []));
}

/** Every text that a search may look for: prompts, then negative prompts. */
export function searchableTexts(plan: RunPlan): string[] {
  const negative = plan.objectives.flatMap((objective) =>
    objective.kind === 'clip' && objective.negativePrompt !== null ? [objective.negativePrompt] : [],
  );
  return [...promptsOf(plan), ...negative];
}

/** Whether the run compares with, or puts back, the pixels of a seed picture. */
export function needsPicture(plan: RunPlan): boolean {
  return plan.resetEvery > 0 || plan.objectives.some(({ kind }) => kind === 'l1' || kind === 'l2');
}

/** Every encoder that it loads, with the place in the plan that names it. */
export function encodersOf(plan: RunPlan): { readonly model: string; readonly path: string }[] {
  const objectives = plan.objectives.flatMap((objective, i) =>
    'model' in objective ? [{ model: objective.model, path: `objectives.${i}.model` }] : [],
  );
  return plan.meter ? [...objectives, { model: plan.meter.model, path: 'meter.model' }] : objectives;
}

/** What a worker must offer to compute it. int8 products exist on the CPU only. */
export function workerNeeds({ precision }: RunPlan): string[] {
  return precision === 'int8' ? ['provider:cpu'] : [];
}

/** Settings that do nothing, in words for people; a mask is one where nothing looks at the picture's pixels. */
export function deadKnobsOf(plan: RunPlan, hasMask: boolean): string[] {
  const mask = hasMask && !needsPicture(plan);
  return [
    ...deadKnobs(plan),
    ...(mask ? ['The mask does nothing without an l1 or l2 objective or token resets.'] : []),
  ];
}
