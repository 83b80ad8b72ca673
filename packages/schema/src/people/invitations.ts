// Invitations by e-mail address: owners invite, the invited person accepts.
import { acceptInvitation, invite, listInvitations, withdrawInvitation } from '@tessera/db';
import { requireRight } from '../access.ts';
import { announce, audit } from '../announce.ts';
import { builder } from '../builder.ts';
import { listCost, ROW_COST } from '../cost.ts';
import { RoleEnum } from '../enums.ts';
import { found } from '../found.ts';
import { checkLine, globalId, idOf } from '../input-checks.ts';
import { mutation } from '../mutation.ts';
import { InvitationRef, UserRef, WorkspaceRef } from '../refs.ts';
import { workspaceTarget } from '../targets.ts';
import { userOf } from './user.ts';

/** Longest address that mail takes. */
const EMAIL_CHARACTERS = 320;

builder.node(InvitationRef, {
  access: 'held',
  id: { resolve: ({ id }) => id },
  loadOne: async (id, ctx) => {
    const invitation = await found(ctx, 'Invitation', id);
    await requireRight(ctx, 'manage', invitation, 'invitation');
    return invitation;
  },
  fields: (t) => ({
    email: t.exposeString('email'),
    role: t.expose('role', { type: RoleEnum }),
    inviter: t.field({
      type: UserRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ inviterId }, _args, ctx) => userOf(ctx, inviterId),
    }),
    status: t.exposeString('status'),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
  }),
});

builder.objectField(WorkspaceRef, 'invitations', (t) =>
  t.field({
    type: [InvitationRef],
    description: 'Pending ones, newest first.',
    access: 'manage',
    complexity: listCost(10),
    resolve: ({ id }, _args, { database }) => listInvitations(database, id),
  }),
);

mutation('inviteMember', {
  right: 'manage',
  input: (t) => ({
    workspaceId: t.id({ required: true }),
    email: t.string({ required: true }),
    role: t.field({ type: RoleEnum, required: true }),
  }),
  payload: { invitation: InvitationRef },
  target: (input, ctx) => workspaceTarget(input, ctx),
  async change({ role, ...input }, ctx, { workspaceId }) {
    const email = checkLine('email', input.email, EMAIL_CHARACTERS);
    const inviterId = ctx.viewer.userId ?? '';
    const invitation = await invite(ctx.database, { workspaceId, inviterId, email, role });
    const detail = { email: invitation.email, role };
    await audit(ctx, workspaceId, {
      action: 'member.invite',
      targetType: 'invitation',
      targetId: invitation.id,
      detail,
    });
    return { invitation };
  },
});

mutation('acceptInvitation', {
  right: 'person',
  input: (t) => ({ invitationId: t.id({ required: true }) }),
  payload: { workspace: WorkspaceRef },
  async change(input, ctx, userId) {
    const id = idOf('Invitation', input.invitationId, 'invitationId');
    const { workspaceId, role } = await acceptInvitation(ctx.database, id, userId);
    await audit(ctx, workspaceId, { action: 'member.join', targetType: 'user', targetId: userId, detail: { role } });
    await announce(ctx, workspaceId, { kind: 'MEMBER', id: userId });
    ctx.loads.forget();
    return { workspace: await found(ctx, 'Workspace', workspaceId) };
  },
});

mutation('withdrawInvitation', {
  right: 'manage',
  input: (t) => ({ invitationId: t.id({ required: true }), workspaceId: t.id({ required: true }) }),
  payload: { withdrawnId: 'ID' },
  target: (input, ctx) => workspaceTarget(input, ctx),
  async change(input, ctx, { workspaceId }) {
    const id = idOf('Invitation', input.invitationId, 'invitationId');
    await withdrawInvitation(ctx.database, workspaceId, id);
    await audit(ctx, workspaceId, { action: 'member.withdraw', targetType: 'invitation', targetId: id });
    return { withdrawnId: globalId('Invitation', id) };
  },
});
