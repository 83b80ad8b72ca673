// The plan as it stood after a step: what the run began with, and every live change that had taken effect by then.
import { type RunPlan, type Steering, steer } from '@tessera/engine/plan';

/** A live change as it is stored: checked when it was asked for. */
export type StoredChange = Steering;

export interface AppliedChange {
  readonly change: StoredChange;
  /** The step at which it took effect; null: it waits, or the run ended first. */
  readonly appliedStep: number | null;
}

/**
 * The plan in force when `step` was computed. Changes that the plan itself holds come before those that people asked for at
 * the same step, as in the engine. The result holds no changes: they are in it.
 */
export function planAtStep(plan: RunPlan, changes: readonly AppliedChange[], step: number): RunPlan {
  const planned = plan.steering.map(({ step: at, change }) => ({ at, change }));
  const asked = changes.flatMap(({ change, appliedStep }) =>
    appliedStep === null ? [] : [{ at: appliedStep, change }],
  );
  const inForce = [...planned, ...asked].filter(({ at }) => at <= step).sort((a, b) => a.at - b.at);
  return inForce.reduce<RunPlan>((now, { change }) => steer(now, change), { ...plan, steering: [] });
}
