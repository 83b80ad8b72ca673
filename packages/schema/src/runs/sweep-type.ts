// A sweep: a grid of parameters as one batch of runs.
import { listRuns, listSweeps, type Run, type SweepAxis } from '@tessera/db';
import { builder } from '../builder.ts';
import { connectionOf, pageRequest } from '../connections.ts';
import type { Context } from '../context.ts';
import { listCost, pageCost, ROW_COST } from '../cost.ts';
import { userOf } from '../people/user.ts';
import { RunRef, SessionRef, SweepRef, UserRef, WorkspaceRef } from '../refs.ts';
import { sweepOf } from './sweep-rows.ts';

const SweepAxisRef = builder.objectRef<SweepAxis>('SweepAxis').implement({
  access: 'held',
  fields: (t) => ({
    path: t.exposeString('path'),
    values: t.field({ type: 'JSON', resolve: ({ values }) => values }),
  }),
});

/** Every run of a sweep, in the order of its cells. */
async function runsOf({ database, limits }: Context, workspaceId: string, sweepId: string): Promise<Run[]> {
  const runs: Run[] = [];
  for (let after: string | undefined; runs.length <= limits.sweepRuns; ) {
    const page = await listRuns(
      database,
      workspaceId,
      { sweepId },
      { first: 100, ...(after !== undefined && { after }) },
    );
    runs.push(...page.edges.map(({ node }) => node));
    after = page.edges.at(-1)?.cursor;
    if (!page.hasNextPage) break;
  }
  return runs.reverse();
}

builder.node(SweepRef, {
  access: 'held',
  id: { resolve: ({ id }) => id },
  loadOne: (id, ctx) => sweepOf(ctx, id),
  fields: (t) => ({
    name: t.exposeString('name'),
    axes: t.field({ type: [SweepAxisRef], complexity: listCost(2), resolve: ({ axes }) => [...axes] }),
    session: t.field({
      type: SessionRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ sessionId }, _args, { loads }) => loads.named('Session', sessionId),
    }),
    createdBy: t.field({
      type: UserRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ createdById }, _args, ctx) => userOf(ctx, createdById),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    runs: t.field({
      type: [RunRef],
      description: 'All of them, in the order of their cells. For pages, `Workspace.runs` takes the sweep as a filter.',
      complexity: listCost(100),
      resolve: ({ workspaceId, id }, _args, ctx) => runsOf(ctx, workspaceId, id),
    }),
  }),
});

const SweepConnection = builder.connectionObject({ type: SweepRef, name: 'SweepConnection' }, { name: 'SweepEdge' });

builder.objectField(WorkspaceRef, 'sweeps', (t) =>
  t.connection(
    {
      type: SweepRef,
      access: 'view',
      complexity: pageCost,
      resolve: async ({ id }, args, { database }) => connectionOf(await listSweeps(database, id, pageRequest(args))),
    },
    SweepConnection,
  ),
);
