// The queue as one workspace sees it: its own runs by position, the others as a number.
import { type QueueLoad, queueLoad, type Run } from '@tessera/db';
import type { QueuePosition } from '@tessera/protocol';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { listCost, ROW_COST } from '../cost.ts';
import { RunRef, WorkspaceRef } from '../refs.ts';
import { runLoads } from './run-rows.ts';

const QueuePositionRef = builder.objectRef<QueuePosition>('QueuePosition').implement({
  access: 'held',
  fields: (t) => ({
    ahead: t.exposeInt('ahead', { description: 'Runs that would start before it; 0: the next.' }),
    queued: t.exposeInt('queued', { description: 'All that wait, of every workspace.' }),
  }),
});

interface QueuedRun {
  readonly run: Run;
  readonly ahead: number;
}

const QueuedRunRef = builder.objectRef<QueuedRun>('QueuedRun').implement({
  access: 'held',
  fields: (t) => ({
    run: t.field({ type: RunRef, complexity: ROW_COST, resolve: ({ run }) => run }),
    ahead: t.exposeInt('ahead'),
  }),
});

export interface QueueView {
  readonly load: QueueLoad;
  readonly positions: readonly QueuePosition[];
}

export async function queueOf(ctx: Context, workspaceId: string): Promise<QueueView> {
  const [load, positions] = await Promise.all([queueLoad(ctx.database), runLoads(ctx).queues.load(workspaceId)]);
  return { load, positions: positions ?? [] };
}

export const QueueRef = builder.objectRef<QueueView>('Queue').implement({
  access: 'held',
  fields: (t) => ({
    queued: t.int({ description: 'Of every workspace.', resolve: ({ load }) => load.queued }),
    running: t.int({ description: 'Of every workspace.', resolve: ({ load }) => load.running }),
    oldestSeconds: t.float({ resolve: ({ load }) => load.oldestSeconds }),
    positions: t.field({
      type: [QueuedRunRef],
      description: 'Queued runs of this workspace, the next one first.',
      complexity: listCost(25),
      resolve: async ({ positions }, _args, ctx) => {
        const runs = await Promise.all(positions.map(({ runId }) => runLoads(ctx).runs.load(runId)));
        // One that was deleted meanwhile waits no more.
        return positions.flatMap(({ ahead }, i) => (runs[i] ? [{ run: runs[i], ahead }] : []));
      },
    }),
  }),
});

builder.objectField(WorkspaceRef, 'queue', (t) =>
  t.field({ type: QueueRef, access: 'view', complexity: ROW_COST, resolve: ({ id }, _args, ctx) => queueOf(ctx, id) }),
);

builder.objectField(RunRef, 'queuePosition', (t) =>
  t.field({
    type: QueuePositionRef,
    nullable: true,
    description: 'Null for a run that does not wait.',
    complexity: ROW_COST,
    resolve: async ({ id, workspaceId, status }, _args, ctx) => {
      if (status !== 'queued') return null;
      const positions = (await runLoads(ctx).queues.load(workspaceId)) ?? [];
      return positions.find(({ runId }) => runId === id) ?? null;
    },
  }),
);
