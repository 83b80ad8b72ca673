// A workspace: its name for whoever is led to it, everything else for those inside.
import { listMembers, listWorkspaces } from '@tessera/db';
import { accessTo, hasRight, requireRight, type Scope } from '../access.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { listCost, ROW_COST } from '../cost.ts';
import { RightEnum, RoleEnum } from '../enums.ts';
import { found } from '../found.ts';
import { idOf } from '../input-checks.ts';
import { MemberRef, UserRef, WorkspaceRef } from '../refs.ts';

const scope = ({ id }: { readonly id: string }): Scope => ({ workspaceId: id });

builder.node(WorkspaceRef, {
  access: 'held',
  scope,
  id: { resolve: ({ id }) => id },
  loadOne: (id, ctx) => found(ctx, 'Workspace', id),
  fields: (t) => ({
    name: t.exposeString('name'),
    slug: t.exposeString('slug'),
    role: t.field({
      type: RoleEnum,
      description: "The viewer's role here. Holders of a link to one session have none, and get an error.",
      complexity: ROW_COST,
      resolve: async (workspace, _args, ctx) => (await requireRight(ctx, 'view', scope(workspace))).role,
    }),
    rights: t.field({
      type: [RightEnum],
      description: 'What the role allows; empty for holders of a link to one session.',
      complexity: ROW_COST,
      resolve: async (workspace, _args, ctx) => [...((await accessTo(ctx, scope(workspace)))?.rights ?? [])],
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    members: t.field({
      type: [MemberRef],
      access: 'view',
      complexity: listCost(10),
      resolve: async ({ id }, _args, { database }) =>
        (await listMembers(database, id)).map((member) => ({ ...member, workspaceId: id })),
    }),
  }),
});

MemberRef.implement({
  access: 'held',
  fields: (t) => ({
    user: t.field({ type: UserRef, complexity: ROW_COST, resolve: ({ user }) => user }),
    role: t.expose('role', { type: RoleEnum }),
    joinedAt: t.field({ type: 'DateTime', resolve: ({ createdAt }) => createdAt }),
    email: t.string({
      nullable: true,
      description: 'For owners and for the member; else null.',
      complexity: ROW_COST,
      resolve: async ({ user, workspaceId }, _args, ctx) => {
        const may = user.id === ctx.viewer.userId || (await hasRight(ctx, 'manage', { workspaceId }));
        return may ? user.email : null;
      },
    }),
  }),
});

builder.queryField('workspace', (t) =>
  t.field({
    type: WorkspaceRef,
    nullable: true,
    access: { checked: 'view' },
    complexity: ROW_COST,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, ctx) => found(ctx, 'Workspace', idOf('Workspace', id, 'id')),
  }),
);

/** Those in which the viewer has a role, oldest first. */
export async function workspacesOf(ctx: Context) {
  const { viewer, database, loads } = ctx;
  const isPerson = viewer.kind === 'local' || viewer.kind === 'account';
  const own = isPerson && viewer.userId !== null ? await listWorkspaces(database, viewer.userId) : [];
  const workspaces = own.map(({ workspace }) => workspace);
  const { share } = viewer;
  if (share && share.sessionId === null && !workspaces.some(({ id }) => id === share.workspaceId)) {
    const shared = (await accessTo(ctx, share)) && (await loads.row('Workspace', share.workspaceId));
    if (shared) workspaces.push(shared);
  }
  return workspaces;
}
