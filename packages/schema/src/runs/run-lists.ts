// Lists of runs with the filters of a researcher.
import { countRuns, listRuns, type Run, type RunFilter, type RunOrder } from '@tessera/db';
import { builder } from '../builder.ts';
import { connectionOf, pageRequest } from '../connections.ts';
import type { Context } from '../context.ts';
import { pageCost, SEARCH_COST } from '../cost.ts';
import { RunStatusEnum } from '../enums.ts';
import { checkNumber, given, optionalId } from '../input-checks.ts';
import { RunRef, SessionRef, WorkspaceRef } from '../refs.ts';
import { RunOrderEnum } from './enums.ts';

const RunFilterInput = builder.inputType('RunFilter', {
  fields: (t) => ({
    text: t.string({
      description: 'Words of prompts, negative prompts and names; the last one may be unfinished.',
    }),
    statuses: t.field({ type: [RunStatusEnum] }),
    tokenizer: t.string(),
    userId: t.id(),
    sessionId: t.id(),
    sweepId: t.id(),
    seedId: t.id(),
    parentId: t.id(),
    minScore: t.float(),
    maxScore: t.float(),
    createdAfter: t.field({ type: 'DateTime' }),
    createdBefore: t.field({ type: 'DateTime' }),
    pinned: t.boolean(),
  }),
});

type FilterInput = typeof RunFilterInput.$inferInput;

/** @throws BadInputError naming the field */
function filterOf(input: FilterInput | null | undefined): RunFilter {
  if (!input) return {};
  const { userId, sessionId, sweepId, seedId, parentId, minScore, maxScore, ...rest } = input;
  return given({
    ...rest,
    userId: optionalId('User', userId, 'filter.userId'),
    sessionId: optionalId('Session', sessionId, 'filter.sessionId'),
    sweepId: optionalId('Sweep', sweepId, 'filter.sweepId'),
    seedId: optionalId('Seed', seedId, 'filter.seedId'),
    parentId: optionalId('Run', parentId, 'filter.parentId'),
    minScore: minScore == null ? null : checkNumber('filter.minScore', minScore, -1e30, 1e30),
    maxScore: maxScore == null ? null : checkNumber('filter.maxScore', maxScore, -1e30, 1e30),
  });
}

interface Counted {
  readonly count?: () => Promise<number>;
}

const RunConnection = builder.connectionObject(
  {
    type: RunRef,
    name: 'RunConnection',
    fields: (t) => ({
      totalCount: t.int({
        description: 'How many the filter finds, on all pages.',
        complexity: SEARCH_COST,
        resolve: (connection) => (connection as Counted).count?.() ?? 0,
      }),
    }),
  },
  { name: 'RunEdge' },
);

interface ListArgs {
  readonly filter?: FilterInput | null | undefined;
  readonly orderBy?: RunOrder | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

async function page({ database }: Context, workspaceId: string, args: ListArgs, own: RunFilter = {}) {
  const { filter: asked, orderBy, ...request } = args;
  const filter = { ...filterOf(asked), ...own };
  const found = await listRuns(database, workspaceId, filter, pageRequest(request), orderBy ?? 'createdAt');
  return { ...connectionOf<Run>(found), count: () => countRuns(database, workspaceId, filter) };
}

builder.objectField(WorkspaceRef, 'runs', (t) =>
  t.connection(
    {
      type: RunRef,
      access: 'view',
      complexity: pageCost,
      args: { filter: t.arg({ type: RunFilterInput }), orderBy: t.arg({ type: RunOrderEnum }) },
      resolve: ({ id }, args, ctx) => page(ctx, id, args),
    },
    RunConnection,
  ),
);

builder.objectField(SessionRef, 'runs', (t) =>
  t.connection(
    {
      type: RunRef,
      access: 'view',
      complexity: pageCost,
      args: { filter: t.arg({ type: RunFilterInput }), orderBy: t.arg({ type: RunOrderEnum }) },
      resolve: ({ id, workspaceId }, args, ctx) => page(ctx, workspaceId, args, { sessionId: id }),
    },
    RunConnection,
  ),
);
