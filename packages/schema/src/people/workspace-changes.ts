// One feed for every list of a workspace: what changed, without its content.
import { decodeChange, topics, type WorkspaceChange } from '@tessera/wire';
import { requireRight } from '../access.ts';
import { builder } from '../builder.ts';
import { ROW_COST } from '../cost.ts';
import { globalId, type NodeName } from '../input-checks.ts';
import { guarded, mapped } from '../subscription.ts';
import { workspaceTarget } from '../targets.ts';

const NODES = {
  SESSION: 'Session',
  SEED: 'Seed',
  MASK: 'Mask',
  COMMENT: 'Comment',
  SWEEP: 'Sweep',
  MEMBER: 'User',
  RUN: 'Run',
} as const satisfies Record<WorkspaceChange['kind'], NodeName>;

const WorkspaceChangeKindEnum = builder.enumType('WorkspaceChangeKind', {
  values: Object.keys(NODES) as WorkspaceChange['kind'][],
});

const WorkspaceChangeRef = builder.objectRef<WorkspaceChange>('WorkspaceChange').implement({
  access: 'held',
  fields: (t) => ({
    kind: t.expose('kind', { type: WorkspaceChangeKindEnum }),
    id: t.id({ resolve: ({ kind, id }) => globalId(NODES[kind], id) }),
  }),
});

builder.subscriptionField('workspaceChanged', (t) =>
  t.field({
    type: WorkspaceChangeRef,
    description: 'Something was created, changed or deleted: look again. A newcomer is told of the last minute.',
    access: { checked: 'view' },
    complexity: ROW_COST,
    args: { workspaceId: t.arg.id({ required: true }) },
    subscribe: async (_root, args, ctx) => {
      const scope = await workspaceTarget(args, ctx);
      const check = () => requireRight(ctx, 'view', scope);
      await check();
      const changes = mapped(ctx.bus.live.subscribe(topics.workspace(scope.workspaceId)), (delivery) =>
        delivery.type === 'latest' && delivery.data ? decodeChange(delivery.data) : undefined,
      );
      return guarded(ctx, changes, check);
    },
    resolve: (change) => change,
  }),
);
