// Relay connections from the database's pages.
import type { Page, PageRequest } from '@tessera/db';
import { given } from './input-checks.ts';

interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

export function pageRequest({ first, after, last, before }: PageArgs): PageRequest {
  return given({ first, after, last, before });
}

export function connectionOf<T>({ edges, hasNextPage, hasPreviousPage }: Page<T>) {
  const startCursor = edges[0]?.cursor ?? null;
  const endCursor = edges.at(-1)?.cursor ?? null;
  return { edges: [...edges], pageInfo: { hasNextPage, hasPreviousPage, startCursor, endCursor } };
}
