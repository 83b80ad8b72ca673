// Who did what in a workspace; owners read it.
import { listAudit } from '@tessera/db';
import { builder } from '../builder.ts';
import { connectionOf, pageRequest } from '../connections.ts';
import { pageCost, ROW_COST } from '../cost.ts';
import { AuditConnection, AuditEntryRef, UserRef, WorkspaceRef } from '../refs.ts';
import { userOf } from './user.ts';

AuditEntryRef.implement({
  access: 'held',
  fields: (t) => ({
    id: t.exposeID('id'),
    actor: t.field({
      type: UserRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ actorId }, _args, ctx) => userOf(ctx, actorId),
    }),
    action: t.exposeString('action'),
    targetType: t.exposeString('targetType'),
    targetId: t.exposeString('targetId'),
    detail: t.expose('detail', { type: 'JSON', nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});

builder.objectField(WorkspaceRef, 'auditLog', (t) =>
  t.connection(
    {
      type: AuditEntryRef,
      access: 'manage',
      complexity: pageCost,
      resolve: async ({ id }, args, { database }) => connectionOf(await listAudit(database, id, pageRequest(args))),
    },
    AuditConnection,
  ),
);
