// Relay's pages by key, not by offset: a page stays right while rows are added, and deep pages cost as little as the first.
import { LIMITS } from '@tessera/protocol';
import { checkInteger } from './checks.ts';
import { InputError } from './errors.ts';

export interface PageRequest {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
}

export interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

export interface Page<T> {
  readonly edges: readonly Edge<T>[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** Where a page begins: lists are newest (or largest) first, ties broken by id. */
export interface Keyset {
  readonly limit: number;
  /** True: rows before the bound, read upwards. */
  readonly backwards: boolean;
  readonly bound: { readonly key: number | null; readonly id: string } | undefined;
}

const DEFAULT_SIZE = 25;

/** @throws InputError when the sizes or the cursor make no sense */
export function keysetOf({ first, after, last, before }: PageRequest): Keyset {
  const backwards = last !== undefined || before !== undefined;
  if (backwards && (first !== undefined || after !== undefined)) {
    throw new InputError('page', 'has both directions; give first and after, or last and before');
  }
  const size = (backwards ? last : first) ?? DEFAULT_SIZE;
  const limit = checkInteger(backwards ? 'last' : 'first', size, 0, LIMITS.pageSize.value);
  const cursor = backwards ? before : after;
  return { limit, backwards, bound: cursor === undefined ? undefined : parseCursor(cursor) };
}

export function cursorOf(key: number | null, id: string): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url');
}

function parseCursor(cursor: string): { key: number | null; id: string } {
  try {
    const [key, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const known = key === null || (typeof key === 'number' && Number.isFinite(key) && Math.abs(key) <= 8.64e15);
    if (known && typeof id === 'string' && /^[\x21-\x7e]{1,64}$/.test(id)) return { key, id };
  } catch {
    // Falls through to the error below.
  }
  throw new InputError('cursor', 'is not one of this list; take it from a page');
}

/** The page of up to `limit + 1` rows that were read from the bound on, in the direction of reading. */
export function pageOf<R, T>(
  rows: readonly R[],
  { limit, backwards, bound }: Keyset,
  toEdge: (row: R) => Edge<T>,
): Page<T> {
  const more = rows.length > limit;
  const edges = rows.slice(0, limit).map(toEdge);
  if (backwards) edges.reverse();
  return {
    edges,
    hasNextPage: backwards ? bound !== undefined : more,
    hasPreviousPage: backwards ? more : bound !== undefined,
  };
}

/** Prisma's arguments for rows newest first by (createdAt, id). */
export function newestFirst({ limit, backwards, bound }: Keyset) {
  const side = backwards ? 'gt' : 'lt';
  const createdAt = new Date(bound?.key ?? 0);
  const direction = backwards ? ('asc' as const) : ('desc' as const);
  return {
    where: bound ? { OR: [{ createdAt: { [side]: createdAt } }, { createdAt, id: { [side]: bound.id } }] } : {},
    orderBy: [{ createdAt: direction }, { id: direction }],
    take: limit + 1,
  };
}

/** The edge of a row listed by `newestFirst`. */
export function edgeByTime<T extends { readonly id: string; readonly createdAt: Date }>(node: T): Edge<T> {
  return { cursor: cursorOf(node.createdAt.getTime(), node.id), node };
}
