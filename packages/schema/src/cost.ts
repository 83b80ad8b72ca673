// What fields cost: points that an operation adds up before it runs. A leaf without arguments is one point by itself.
import { GraphQLError } from 'graphql';

/** Page size where none is asked for; the database's own default. */
const DEFAULT_PAGE = 25;

interface PageArgs {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
}

/** A page of a connection: what is selected of a node counts once per node. */
export const pageCost = ({ first, last }: PageArgs) => ({ field: 2, multiplier: first ?? last ?? DEFAULT_PAGE });

/** A list of about so many objects. */
export const listCost = (items: number) => ({ field: 2, multiplier: items });

/** One row by its id. */
export const ROW_COST = 1;

/** A search over the workspace. */
export const SEARCH_COST = 25;

/** A picture is decoded, or an encoder runs. */
export const COMPUTE_COST = 20;

/** Reads or draws the shared document. */
export const DOCUMENT_COST = 5;

export const MUTATION_COST = 10;

export class TooCostlyError extends GraphQLError {
  constructor(what: string, value: number, max: number) {
    super(`The operation has a ${what} of ${value}, over the limit of ${max}; ask for less at once.`, {
      extensions: { code: 'QUERY_TOO_COSTLY' },
    });
  }
}
