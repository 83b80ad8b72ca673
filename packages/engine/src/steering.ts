// Live changes of a running run: checked against its plan, and applied to it.
import { PlanError } from './errors.ts';
import { type ObjectiveSpec, parseAs, type RunPlan, type Steering, steeringSchema } from './plan.ts';

/** A checked live change. @throws PlanError */
export function parseSteering(value: unknown, plan: RunPlan): Steering {
  const steering = parseAs(steeringSchema, value);
  for (const { index, prompt: text, negativePrompt, cfg } of steering.objectives ?? []) {
    const objective = plan.objectives[index];
    if (!objective) throw new PlanError(`objectives.${index}`, `the run has ${plan.objectives.length} objectives`);
    if (text !== undefined && !('prompt' in objective))
      throw new PlanError(`objectives.${index}.prompt`, `${objective.kind} has no prompt`);
    if ((negativePrompt !== undefined || cfg !== undefined) && objective.kind !== 'clip') {
      throw new PlanError(`objectives.${index}`, `${objective.kind} has no negative prompt`);
    }
  }
  return steering;
}

/** The plan as it stands after a live change. */
export function steer(plan: RunPlan, { objectives, ...rest }: Steering): RunPlan {
  const set = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  // Untouched objectives keep their identity: their prompts need no encoding again.
  return { ...plan, ...set, objectives: objectives ? changeObjectives(plan.objectives, objectives) : plan.objectives };
}

function changeObjectives(specs: RunPlan['objectives'], changes: NonNullable<Steering['objectives']>): ObjectiveSpec[] {
  return specs.map((spec, i) => {
    const fields = changes.filter(({ index }) => index === i).map(({ index: _, ...rest }) => rest);
    return Object.assign({ ...spec }, ...fields) as ObjectiveSpec;
  });
}
