// Who asks, and what is open to them.
import { builder } from '../builder.ts';
import type { Viewer } from '../context.ts';
import { listCost, ROW_COST } from '../cost.ts';
import { mayView } from '../found.ts';
import { SessionRef, UserRef, WorkspaceRef } from '../refs.ts';
import { userOf } from './user.ts';
import { workspacesOf } from './workspace.ts';

const ViewerKindEnum = builder.enumType('ViewerKind', {
  values: {
    LOCAL: { value: 'local' },
    ACCOUNT: { value: 'account' },
    SHARE_LINK: { value: 'guest' },
    NOBODY: { value: 'nobody' },
  } as const,
});

const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who asks. Null user: nobody is signed in, or the holder of a share link.',
  access: 'open',
  fields: (t) => ({
    user: t.field({
      type: UserRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ kind, userId }, _args, ctx) => (kind === 'guest' ? null : userOf(ctx, userId)),
    }),
    kind: t.expose('kind', {
      type: ViewerKindEnum,
      description: 'LOCAL: no accounts, loopback only. ACCOUNT: signed in. SHARE_LINK: holder of a link.',
    }),
    workspaces: t.field({
      type: [WorkspaceRef],
      complexity: listCost(5),
      resolve: (_viewer, _args, ctx) => workspacesOf(ctx),
    }),
    sharedSession: t.field({
      type: SessionRef,
      nullable: true,
      description: 'The session or workspace that the share link opens.',
      complexity: ROW_COST,
      resolve: async ({ share }, _args, ctx) => {
        const session = share?.sessionId ? await ctx.loads.row('Session', share.sessionId) : undefined;
        return session && (await mayView(ctx, 'Session', session)) ? session : null;
      },
    }),
    sharedWorkspace: t.field({
      type: WorkspaceRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: async ({ share }, _args, ctx) => {
        const workspace = share ? await ctx.loads.row('Workspace', share.workspaceId) : undefined;
        return workspace && share && (await ctx.loads.linkIsOpen(share.linkId)) ? workspace : null;
      },
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({ type: ViewerRef, access: 'open', complexity: ROW_COST, resolve: (_root, _args, { viewer }) => viewer }),
);
