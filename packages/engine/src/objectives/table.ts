// The objectives by kind. A new one is a file, a row here, and its fields in plan.ts.
import type { ObjectiveKind, ObjectiveSpec } from '../plan.ts';
import { clipObjective } from './clip.ts';
import { l1Objective } from './l1.ts';
import { l2Objective } from './l2.ts';
import type { Objective } from './objective.ts';
import { siglipObjective } from './siglip.ts';

const OBJECTIVES: { readonly [K in ObjectiveKind]: Objective<K> } = {
  clip: clipObjective,
  siglip: siglipObjective,
  l1: l1Objective,
  l2: l2Objective,
};

/** The row of a spec's kind. */
export function objectiveOf<S extends ObjectiveSpec>(spec: S): Objective<S['kind']> {
  return OBJECTIVES[spec.kind] as Objective<S['kind']>;
}
