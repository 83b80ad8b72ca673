// A live change as callers give it, checked against the plan in force.
import { checkPositions, parseSteering, type RunPlan } from '@tessera/engine/plan';
import { BadInputError } from '../../errors.ts';
import { ascending } from './lay-plan.ts';
import type { StoredChange } from './plan-at-step.ts';
import type { RegularisationInput } from './plan-input.ts';
import { under } from './resolve-plan.ts';

type Given<T> = T | null | undefined;

export interface SteeringInput {
  readonly learningRate?: Given<number>;
  readonly noise?: Given<number>;
  readonly ema?: Given<number>;
  readonly iterations?: Given<number>;
  /** In any order. */
  readonly lockedPositions?: Given<readonly number[]>;
  readonly regularisation?: Given<RegularisationInput>;
  readonly objectives?: Given<
    readonly {
      readonly index: number;
      readonly weight?: Given<number>;
      readonly prompt?: Given<string>;
      /** Null takes the negative prompt away. */
      readonly negativePrompt?: Given<string>;
      readonly cfg?: Given<number>;
    }[]
  >;
}

/** `positions`: tokens of the run. @throws BadInputError naming the field; also for a change that changes nothing */
export function checkSteering(
  input: SteeringInput,
  plan: RunPlan,
  limits: { readonly iterations: number; readonly promptCharacters: number },
  positions: number,
): StoredChange {
  const { regularisation, objectives, lockedPositions } = input;
  const change = {
    ...present({ learningRate: input.learningRate, noise: input.noise, ema: input.ema, iterations: input.iterations }),
    ...(lockedPositions && { lockedPositions: ascending(lockedPositions) }),
    ...(regularisation && {
      regularisation: { weight: regularisation.weight, towards: regularisation.towards ?? plan.regularisation.towards },
    }),
    ...(objectives &&
      objectives.length > 0 && {
        objectives: objectives.map(({ index, negativePrompt, weight, prompt, cfg }) => ({
          index,
          ...present({ weight, prompt, cfg }),
          ...(negativePrompt !== undefined && { negativePrompt }),
        })),
      }),
  };
  if (Object.keys(change).length === 0) throw new BadInputError('change', 'is empty; name at least one setting');
  let checked: StoredChange;
  try {
    checked = parseSteering(change, plan);
    checkPositions(checked.lockedPositions ?? [], positions);
  } catch (error) {
    throw under('change', error);
  }
  if ((checked.iterations ?? 0) > limits.iterations) {
    throw new BadInputError('change.iterations', `must be at most ${limits.iterations} here`);
  }
  checked.objectives?.forEach(({ prompt, negativePrompt }, i) => {
    if (Math.max(prompt?.length ?? 0, negativePrompt?.length ?? 0) > limits.promptCharacters) {
      throw new BadInputError(`change.objectives.${i}`, `has a text over ${limits.promptCharacters} characters`);
    }
  });
  return checked;
}

function present(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));
}
