// Studio sessions: what a team opens together.
import { listSessions } from '@tessera/db';
import { accessTo, type Scope } from '../access.ts';
import { builder } from '../builder.ts';
import { connectionOf, pageRequest } from '../connections.ts';
import { DOCUMENT_COST, pageCost, ROW_COST } from '../cost.ts';
import { RightEnum } from '../enums.ts';
import { NotFoundError } from '../errors.ts';
import { found } from '../found.ts';
import { idOf } from '../input-checks.ts';
import { userOf } from '../people/user.ts';
import { SessionConnection, SessionRef, UserRef, WorkspaceRef } from '../refs.ts';
import { documentOf, SessionDocumentRef } from './document.ts';

const scope = ({ id, workspaceId }: { readonly id: string; readonly workspaceId: string }): Scope => ({
  workspaceId,
  sessionId: id,
});

builder.node(SessionRef, {
  access: 'held',
  scope,
  id: { resolve: ({ id }) => id },
  loadOne: (id, ctx) => found(ctx, 'Session', id),
  fields: (t) => ({
    name: t.exposeString('name'),
    workspace: t.field({
      type: WorkspaceRef,
      complexity: ROW_COST,
      resolve: async ({ workspaceId }, _args, { loads }) => {
        const workspace = await loads.row('Workspace', workspaceId);
        if (!workspace) throw new NotFoundError('workspace');
        return workspace;
      },
    }),
    rights: t.field({
      type: [RightEnum],
      description: "The viewer's rights in this session (a share link may give more or less than a membership).",
      complexity: ROW_COST,
      resolve: async (session, _args, ctx) => [...((await accessTo(ctx, scope(session)))?.rights ?? [])],
    }),
    createdBy: t.field({
      type: UserRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ createdById }, _args, ctx) => userOf(ctx, createdById),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    archivedAt: t.expose('archivedAt', { type: 'DateTime', nullable: true }),
    document: t.field({
      type: SessionDocumentRef,
      access: 'view',
      complexity: DOCUMENT_COST,
      resolve: (session, _args, ctx) => documentOf(session, ctx),
    }),
  }),
});

builder.objectField(WorkspaceRef, 'sessions', (t) =>
  t.connection(
    {
      type: SessionRef,
      access: 'view',
      complexity: pageCost,
      args: { archived: t.arg.boolean({ description: 'Archived ones instead of the others.' }) },
      resolve: async ({ id }, { archived, ...page }, { database }) =>
        connectionOf(await listSessions(database, id, pageRequest(page), { archived: archived ?? false })),
    },
    SessionConnection,
  ),
);

builder.queryField('session', (t) =>
  t.field({
    type: SessionRef,
    nullable: true,
    access: { checked: 'view' },
    complexity: ROW_COST,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, ctx) => found(ctx, 'Session', idOf('Session', id, 'id')),
  }),
);
