// What searches for runs and for seeds share: how many are asked for, what that costs, and how near an answer is.
import type { Context } from '../context.ts';
import { listCost } from '../cost.ts';
import { checkWhole } from '../input-checks.ts';

/** How near a found run or seed is, by whichever measure was searched. */
export interface Nearness {
  readonly distance?: number;
  readonly overlap?: number;
  readonly similarity?: number;
}

const DEFAULT_COUNT = 10;

/** @throws BadInputError */
export const countOf = (first: number | null | undefined, { limits }: Context): number =>
  checkWhole('first', first ?? DEFAULT_COUNT, 1, limits.neighbours);

/** `own`: of the search itself, beside the list. */
export const searchCost =
  (own: number) =>
  ({ first }: { readonly first?: number | null | undefined }) => ({
    ...listCost(first ?? DEFAULT_COUNT),
    field: own,
  });
