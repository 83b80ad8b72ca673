// What would run now: the plan that a document stands for, and what keeps it from running.
import { type PlanDefaults, planInput, type SessionObjective, type SessionSnapshot } from '@tessera/collab';
import { deadKnobs, parsePlan, type RunPlan } from '@tessera/engine/plan';
import { builder } from '../builder.ts';
import type { StudioFacts } from '../context.ts';
import { type Problem, problemOf } from '../errors.ts';
import { ProblemRef } from '../mutation.ts';

export interface PlanCheck {
  readonly plan: RunPlan | null;
  readonly deadKnobs: readonly string[];
  readonly problem: Problem | null;
}

export const PlanCheckRef = builder.objectRef<PlanCheck>('PlanCheck').implement({
  access: 'held',
  fields: (t) => ({
    plan: t.field({ type: 'JSON', nullable: true, resolve: ({ plan }) => plan }),
    deadKnobs: t.stringList({
      description: 'Settings that do nothing, and what would give them an effect.',
      complexity: 1,
      resolve: ({ deadKnobs: knobs }) => [...knobs],
    }),
    problem: t.expose('problem', { type: ProblemRef, nullable: true, complexity: 1 }),
  }),
});

/** The plan, or the first problem. Errors that no caller causes are thrown. */
export function checkedPlan(make: () => RunPlan): PlanCheck {
  try {
    const plan = make();
    return { plan, deadKnobs: deadKnobs(plan), problem: null };
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) throw error;
    return { plan: null, deadKnobs: [], problem };
  }
}

/** A session whose list of objectives is empty follows its prompt. */
export const DEFAULT_OBJECTIVE: SessionObjective = { id: 'prompt', kind: 'clip', model: null, weight: 1 };

export function planDefaults({ defaults: { tokenizer, clip, siglip } }: StudioFacts): PlanDefaults {
  return { tokenizer, models: { clip, siglip }, objectives: [DEFAULT_OBJECTIVE] };
}

/** The plan of a session as its document is now. @throws PlanInputError, PlanError */
export function sessionPlan(snapshot: SessionSnapshot, studio: StudioFacts): RunPlan {
  return parsePlan(planInput(snapshot, planDefaults(studio)));
}
