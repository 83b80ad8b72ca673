// Links that open a session or a workspace to whoever holds them, until they are revoked.
import { createShareLink, listShareLinks, revokeShareLink, type ShareLink } from '@tessera/db';
import { hasRight, requireRight } from '../access.ts';
import { audit } from '../announce.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { listCost, ROW_COST } from '../cost.ts';
import { ShareAccessEnum } from '../enums.ts';
import { NotFoundError } from '../errors.ts';
import { found } from '../found.ts';
import { idOf, optionalId } from '../input-checks.ts';
import { mutation } from '../mutation.ts';
import { SessionRef, ShareLinkRef, UserRef, WorkspaceRef } from '../refs.ts';
import { workspaceTarget } from '../targets.ts';
import { userOf } from './user.ts';

builder.node(ShareLinkRef, {
  access: 'held',
  id: { resolve: ({ id }) => id },
  loadOne: async (id, ctx) => {
    const link = await found(ctx, 'ShareLink', id);
    await requireRight(ctx, 'share', { workspaceId: link.workspaceId }, 'link');
    return link;
  },
  fields: (t) => ({
    access: t.expose('access', { type: ShareAccessEnum }),
    session: t.field({
      type: SessionRef,
      nullable: true,
      description: 'Null: the whole workspace.',
      complexity: ROW_COST,
      resolve: async ({ sessionId }, _args, ctx) => (sessionId ? found(ctx, 'Session', sessionId) : null),
    }),
    createdBy: t.field({
      type: UserRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: ({ createdById }, _args, ctx) => userOf(ctx, createdById),
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});

/** Owners see every link, others their own. */
async function visibleLinks(ctx: Context, workspaceId: string): Promise<ShareLink[]> {
  const links = await listShareLinks(ctx.database, workspaceId);
  const all = await hasRight(ctx, 'manage', { workspaceId });
  return links.filter(({ createdById }) => all || createdById === ctx.viewer.userId);
}

builder.objectField(WorkspaceRef, 'shareLinks', (t) =>
  t.field({
    type: [ShareLinkRef],
    description: 'Newest first, revoked ones too; who is no owner sees the own ones. Links to sessions are among them.',
    access: 'share',
    complexity: listCost(10),
    resolve: ({ id }, _args, ctx) => visibleLinks(ctx, id),
  }),
);

builder.objectField(SessionRef, 'shareLinks', (t) =>
  t.field({
    type: [ShareLinkRef],
    access: 'share',
    complexity: listCost(10),
    resolve: async ({ id, workspaceId }, _args, ctx) =>
      (await visibleLinks(ctx, workspaceId)).filter(({ sessionId }) => sessionId === id),
  }),
);

mutation('createShareLink', {
  right: 'share',
  payloadDescription: "`token` is in this answer and nowhere else: the page's address is /share/<token>.",
  input: (t) => ({
    workspaceId: t.id({ required: true }),
    sessionId: t.id(),
    access: t.field({ type: ShareAccessEnum, required: true }),
    expiresAt: t.field({ type: 'DateTime' }),
  }),
  payload: { shareLink: ShareLinkRef, token: 'String' },
  target: (input, ctx) => workspaceTarget(input, ctx),
  async change({ access, expiresAt, ...input }, ctx, { workspaceId }) {
    const sessionId = optionalId('Session', input.sessionId, 'sessionId');
    const { link, token } = await createShareLink(ctx.database, {
      workspaceId,
      access,
      createdById: ctx.viewer.userId ?? '',
      ...(sessionId !== undefined && { sessionId }),
      ...(expiresAt && { expiresAt }),
    });
    const detail = { access, sessionId: sessionId ?? null };
    await audit(ctx, workspaceId, { action: 'link.create', targetType: 'link', targetId: link.id, detail });
    return { shareLink: link, token };
  },
});

mutation('revokeShareLink', {
  description: 'At once and for good. Owners may revoke the links of others.',
  right: 'share',
  input: (t) => ({ shareLinkId: t.id({ required: true }), workspaceId: t.id({ required: true }) }),
  payload: { shareLink: ShareLinkRef },
  target: (input, ctx) => workspaceTarget(input, ctx),
  async change(input, ctx, { workspaceId }) {
    const id = idOf('ShareLink', input.shareLinkId, 'shareLinkId');
    const before = (await listShareLinks(ctx.database, workspaceId)).find((link) => link.id === id);
    if (!before) throw new NotFoundError('link', 'shareLinkId');
    if (before.createdById !== ctx.viewer.userId) await requireRight(ctx, 'manage', { workspaceId });
    await revokeShareLink(ctx.database, workspaceId, id);
    await audit(ctx, workspaceId, { action: 'link.revoke', targetType: 'link', targetId: id });
    ctx.loads.forget();
    return { shareLink: await found(ctx, 'ShareLink', id) };
  },
});
