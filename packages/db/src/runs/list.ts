// Lists of runs with the filters of a researcher, by time or by score.
import { LIMITS, type RunStatus } from '@tessera/protocol';
import { Prisma } from '../../generated/client.ts';
import { checkText } from '../checks.ts';
import { type Database, query } from '../database.ts';
import { cursorOf, type Keyset, keysetOf, type Page, type PageRequest, pageOf } from '../page.ts';
import { type Run, runOf } from './run.ts';
import { tsQuery } from './search-text.ts';

export interface RunFilter {
  /** Words of prompts, negative prompts and names; the last one may be unfinished. */
  readonly text?: string;
  readonly statuses?: readonly RunStatus[];
  readonly tokenizer?: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly sweepId?: string;
  readonly seedId?: string;
  readonly parentId?: string;
  readonly minScore?: number;
  readonly maxScore?: number;
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
  readonly pinned?: boolean;
}

/** Newest first, or best score first (runs without a score last). */
export type RunOrder = 'createdAt' | 'score';

/** @throws InputError */
export async function listRuns(
  database: Database,
  workspaceId: string,
  filter: RunFilter,
  page: PageRequest,
  order: RunOrder = 'createdAt',
): Promise<Page<Run>> {
  const keyset = keysetOf(page);
  const condition = conditionOf(workspaceId, filter);
  const ids = await query(database, (sql) =>
    sql.$queryRaw<{ id: string; key: number | null }[]>(pageQuery(condition, keyset, order)),
  );
  const rows = await query(database, (sql) =>
    sql.run.findMany({ where: { workspaceId, id: { in: ids.map(({ id }) => id) } } }),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const present = ids.flatMap(({ id, key }) => {
    const row = byId.get(id);
    return row ? [{ row, key }] : [];
  });
  return pageOf(present, keyset, ({ row, key }) => ({ cursor: cursorOf(key, row.id), node: runOf(row) }));
}

/** How many runs a filter finds. */
export async function countRuns(database: Database, workspaceId: string, filter: RunFilter): Promise<number> {
  const condition = conditionOf(workspaceId, filter);
  const rows = await query(database, (sql) =>
    sql.$queryRaw<{ n: number }[]>(Prisma.sql`SELECT count(*)::int AS n FROM runs r WHERE ${condition}`),
  );
  return rows[0]!.n;
}

function pageQuery(condition: Prisma.Sql, { limit, backwards, bound }: Keyset, order: RunOrder): Prisma.Sql {
  const sort = backwards ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const beyond = backwards ? Prisma.sql`>` : Prisma.sql`<`;
  if (order === 'createdAt') {
    const start = bound
      ? Prisma.sql`AND (r.created_at, r.id) ${beyond} (${new Date(bound.key ?? 0)}::timestamptz, ${bound.id})`
      : Prisma.empty;
    return Prisma.sql`
      SELECT r.id, (EXTRACT(EPOCH FROM r.created_at) * 1000)::float8 AS key FROM runs r
      WHERE ${condition} ${start} ORDER BY r.created_at ${sort}, r.id ${sort} LIMIT ${limit + 1}`;
  }
  // A score below every real one stands for none, so that the order has no holes.
  const key = Prisma.sql`COALESCE(r.score, '-Infinity'::real)`;
  const from = bound?.key === null ? Prisma.sql`'-Infinity'::real` : Prisma.sql`${bound?.key ?? 0}::real`;
  const start = bound ? Prisma.sql`AND (${key}, r.id) ${beyond} (${from}, ${bound.id})` : Prisma.empty;
  return Prisma.sql`
    SELECT r.id, r.score::float8 AS key FROM runs r
    WHERE ${condition} ${start} ORDER BY ${key} ${sort}, r.id ${sort} LIMIT ${limit + 1}`;
}

/** Filters that are one value of one column. */
const EQUALS = {
  tokenizer: Prisma.sql`r.tokenizer`,
  userId: Prisma.sql`r.user_id`,
  sessionId: Prisma.sql`r.session_id`,
  sweepId: Prisma.sql`r.sweep_id`,
  seedId: Prisma.sql`r.seed_id`,
  parentId: Prisma.sql`r.parent_id`,
} as const satisfies Partial<Record<keyof RunFilter, Prisma.Sql>>;

function conditionOf(workspaceId: string, filter: RunFilter): Prisma.Sql {
  const all: Prisma.Sql[] = [Prisma.sql`r.workspace_id = ${workspaceId}`];
  const { text, statuses, minScore, maxScore, createdAfter, createdBefore, pinned } = filter;
  if (text !== undefined) {
    const words = tsQuery(checkText('text', text, LIMITS.searchCharacters.value));
    all.push(
      words === undefined
        ? Prisma.sql`false`
        : Prisma.sql`to_tsvector('simple', r.prompt_text) @@ to_tsquery('simple', ${words})`,
    );
  }
  if (statuses) all.push(Prisma.sql`r.status = ANY(${[...statuses]}::text[])`);
  for (const [field, column] of Object.entries(EQUALS) as [keyof typeof EQUALS, Prisma.Sql][]) {
    const value = filter[field];
    if (value !== undefined) all.push(Prisma.sql`${column} = ${checkText(field, value, 200)}`);
  }
  if (minScore !== undefined) all.push(Prisma.sql`COALESCE(r.score, '-Infinity'::real) >= ${minScore}::real`);
  if (maxScore !== undefined) all.push(Prisma.sql`r.score <= ${maxScore}::real`);
  if (createdAfter !== undefined) all.push(Prisma.sql`r.created_at >= ${createdAfter}::timestamptz`);
  if (createdBefore !== undefined) all.push(Prisma.sql`r.created_at < ${createdBefore}::timestamptz`);
  if (pinned !== undefined) all.push(Prisma.sql`r.pinned = ${pinned}`);
  return Prisma.join(all, ' AND ');
}
