// What the document says now and the running run does not do yet: the change that would be sent to it.
import type { SessionPlanInput } from '@tessera/collab';
import type { VariablesOf } from '../../../gql/graphql.ts';
import type { STEER } from './use-steering.ts';

export type Change = VariablesOf<typeof STEER>['input']['change'];
export type ObjectiveChange = NonNullable<Change['objectives']>[number];

interface RunningObjective {
  readonly kind?: string;
  readonly weight?: number;
  readonly prompt?: string;
  readonly negativePrompt?: string | null;
  readonly cfg?: number;
}

/** The parts of a run's plan that can change while it runs. */
export interface RunningPlan {
  readonly learningRate?: number;
  readonly noise?: number;
  readonly ema?: number;
  readonly iterations?: number;
  /** Ascending; absent in runs from before there were locks. */
  readonly lockedPositions?: readonly number[];
  readonly regularisation?: { readonly weight: number; readonly towards: string };
  readonly objectives?: readonly RunningObjective[];
}

/** The plan with the changes that took effect at the run's steps, in their order. */
export function planNow(plan: RunningPlan, changes: readonly unknown[]): RunningPlan {
  return changes.reduce<RunningPlan>((now, change) => (isRecord(change) ? changed(now, change) : now), plan);
}

function changed(plan: RunningPlan, { objectives, ...rest }: Record<string, unknown>): RunningPlan {
  const list = Array.isArray(objectives) ? objectives.filter(isRecord) : [];
  return {
    ...plan,
    ...rest,
    objectives: (plan.objectives ?? []).map((objective, i) => {
      const fields = list.filter(({ index }) => index === i).map(({ index: _, ...values }) => values);
      return Object.assign({ ...objective }, ...fields) as RunningObjective;
    }),
  };
}

/** Null where the run does what the document says, as far as a running run can. */
export function steeringFor(wanted: SessionPlanInput, running: RunningPlan): Change | null {
  const scalars = (['learningRate', 'noise', 'ema', 'iterations'] as const).filter(
    (name) => running[name] !== undefined && running[name] !== wanted[name],
  );
  const { regularisation } = running;
  const other =
    regularisation !== undefined &&
    (regularisation.weight !== wanted.regularisation.weight ||
      regularisation.towards !== wanted.regularisation.towards);
  const locks = wanted.lockedPositions.join() !== (running.lockedPositions ?? []).join();
  const objectives = objectiveChanges(wanted, running);
  if (scalars.length === 0 && !other && !locks && objectives.length === 0) return null;
  return {
    ...Object.fromEntries(scalars.map((name) => [name, wanted[name]])),
    ...(other && {
      regularisation: {
        weight: wanted.regularisation.weight,
        towards: wanted.regularisation.towards === 'seed' ? ('SEED' as const) : ('ZERO' as const),
      },
    }),
    ...(locks && { lockedPositions: wanted.lockedPositions }),
    ...(objectives.length > 0 && { objectives }),
  };
}

/** Objectives are steered by their place; another list of kinds needs a new run. */
function objectiveChanges(wanted: SessionPlanInput, running: RunningPlan): ObjectiveChange[] {
  const now = running.objectives ?? [];
  const sameKinds =
    now.length === wanted.objectives.length && wanted.objectives.every(({ kind }, i) => now[i]?.kind === kind);
  if (!sameKinds) return [];
  return wanted.objectives.flatMap((objective, index) => {
    const at = now[index] ?? {};
    const change = {
      ...(objective.weight !== at.weight && { weight: objective.weight }),
      ...('prompt' in objective && objective.prompt !== at.prompt && { prompt: objective.prompt }),
      ...('negativePrompt' in objective &&
        objective.negativePrompt !== (at.negativePrompt ?? null) && { negativePrompt: objective.negativePrompt }),
      ...('cfg' in objective && objective.cfg !== at.cfg && { cfg: objective.cfg }),
    };
    return Object.keys(change).length > 0 ? [{ index, ...change }] : [];
  });
}

const NAMES: Readonly<Record<string, string>> = {
  learningRate: 'learning rate',
  noise: 'noise',
  ema: 'averaging',
  iterations: 'steps',
  regularisation: 'regularisation',
  lockedPositions: 'locked tokens',
  weight: 'weight',
  prompt: 'prompt',
  negativePrompt: 'negative prompt',
  cfg: 'cfg',
};

/** `prompt, learning rate` */
export function wordsFor(change: Change): string {
  const { objectives, ...rest } = change;
  const inObjectives = (objectives ?? []).flatMap(({ index: _, ...fields }) => Object.keys(fields));
  return [...new Set([...inObjectives, ...Object.keys(rest)])].map((name) => NAMES[name] ?? name).join(', ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
