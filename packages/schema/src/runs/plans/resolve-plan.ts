// From what a caller gives to a plan that the engine takes: laid over what lies below, parsed, within the server's limits.
import { PlanError, parsePlan, type RunPlan } from '@tessera/engine/plan';
import type { Limits } from '@tessera/protocol';
import { BadInputError } from '../../errors.ts';
import { type Below, layPlan } from './lay-plan.ts';
import type { PlanInput } from './plan-input.ts';

export type PlanLimits = Pick<Limits, 'iterations' | 'promptCharacters'>;

/** @throws BadInputError whose field is the dotted path under `at` (`plan` in most inputs; '' for the plan itself) */
export function resolvePlan(input: PlanInput, below: Below, limits: PlanLimits, at = 'plan'): RunPlan {
  try {
    return checkLimits(parsePlan(layPlan(input, below)), limits);
  } catch (error) {
    throw under(at, error);
  }
}

/** A plan that is complete: a session's, a cell of a sweep. @throws BadInputError */
export function completePlan(value: unknown, limits: PlanLimits, at = ''): RunPlan {
  try {
    return checkLimits(parsePlan(value), limits);
  } catch (error) {
    throw under(at, error);
  }
}

function checkLimits(plan: RunPlan, limits: PlanLimits): RunPlan {
  if (plan.iterations > limits.iterations)
    throw new PlanError('iterations', `must be at most ${limits.iterations} here`);
  plan.objectives.forEach((objective, i) => {
    for (const [name, text] of textsOf(objective)) {
      if (text.length > limits.promptCharacters) {
        throw new PlanError(`objectives.${i}.${name}`, `is longer than ${limits.promptCharacters} characters`);
      }
    }
  });
  return plan;
}

function textsOf(objective: RunPlan['objectives'][number]): [string, string][] {
  return Object.entries(objective).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && /prompt/i.test(entry[0]),
  );
}

/** A complaint of the engine's parser, with the path as the caller wrote it. */
export function under(at: string, error: unknown): unknown {
  if (!(error instanceof PlanError)) return error;
  const { path, message } = error;
  const problem = path && message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
  return new BadInputError([at, path].filter(Boolean).join('.') || 'plan', problem);
}
