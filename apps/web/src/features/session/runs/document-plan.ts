// What the session's document says, as the plan that mutations take.
import { planInput, type SessionObjective, type SessionPlanInput } from '@tessera/collab';
import type { VariablesOf } from '../../../gql/graphql.ts';
import type { DocumentView } from '../document/session-document.ts';
import type { FORK } from './use-fork.ts';

export type PlanValues = NonNullable<VariablesOf<typeof FORK>['input']['plan']>;

export interface ModelNames {
  readonly defaultTokenizer: string;
  readonly defaultClip: string;
  readonly defaultSiglip: string;
}

/** What the server takes where the list of objectives is empty. */
const DEFAULT_OBJECTIVES: readonly SessionObjective[] = [{ id: 'default', kind: 'clip', model: null, weight: 1 }];

type PlanSource = Pick<DocumentView, 'prompt' | 'negativePrompt' | 'settings' | 'objectives' | 'lockedPositions'>;

/** @throws PlanInputError naming what keeps the session from being run */
export function documentPlan(view: PlanSource, studio: ModelNames): SessionPlanInput {
  const { prompt, negativePrompt, settings, objectives, lockedPositions } = view;
  return planInput(
    { prompt, negativePrompt, settings, objectives, lockedPositions, strokes: [] },
    {
      tokenizer: studio.defaultTokenizer,
      models: { clip: studio.defaultClip, siglip: studio.defaultSiglip },
      objectives: DEFAULT_OBJECTIVES,
    },
  );
}

const KINDS = { clip: 'CLIP', siglip: 'SIGLIP', l1: 'L1', l2: 'L2' } as const;
const PRECISIONS = { fp32: 'FP32', fp16: 'FP16', int8: 'INT8' } as const;

/** Overrides for a fork: where it starts is the step it comes from. */
export function forkOverrides(plan: SessionPlanInput): PlanValues {
  const { start: _, tokenizer: __, ...rest } = planValues(plan);
  return rest;
}

/** A plan in the words of the schema. */
export function planValues(plan: SessionPlanInput): PlanValues {
  const { objectives, regularisation, quantisation, precision, start, ...rest } = plan;
  return {
    ...rest,
    start: start.kind === 'seed' ? { kind: 'SEED' } : { kind: 'NOISE', sigma: start.sigma },
    objectives: objectives.map((objective) => ({ ...objective, kind: KINDS[objective.kind] })),
    regularisation: { weight: regularisation.weight, towards: regularisation.towards === 'seed' ? 'SEED' : 'ZERO' },
    quantisation: quantisation === 'before' ? 'BEFORE' : 'STRAIGHT_THROUGH',
    precision: PRECISIONS[precision],
  };
}
