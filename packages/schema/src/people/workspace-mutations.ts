// New workspaces, and who is in them.
import { createWorkspace, listMembers, removeMember, setRole } from '@tessera/db';
import type { Role } from '@tessera/protocol';
import { requireRight } from '../access.ts';
import { announce, audit } from '../announce.ts';
import type { Context } from '../context.ts';
import { RoleEnum } from '../enums.ts';
import { NotFoundError } from '../errors.ts';
import { checkLine, globalId, idOf } from '../input-checks.ts';
import { mutation } from '../mutation.ts';
import { MemberRef, WorkspaceRef } from '../refs.ts';
import { workspaceTarget } from '../targets.ts';
import { slugOf } from './slug.ts';

mutation('createWorkspace', {
  right: 'person',
  input: (t) => ({ name: t.string({ required: true }), slug: t.string() }),
  payload: { workspace: WorkspaceRef },
  async change(input, ctx, ownerId) {
    const name = checkLine('name', input.name, ctx.limits.nameCharacters);
    const slug = input.slug ?? slugOf(name);
    const workspace = await createWorkspace(ctx.database, { name, slug, ownerId });
    await audit(ctx, workspace.id, { action: 'workspace.create', targetType: 'workspace', targetId: workspace.id });
    return { workspace };
  },
});

/** @throws NotFoundError for who is no member: people become members by accepting an invitation */
async function memberRole(ctx: Context, workspaceId: string, userId: string): Promise<Role> {
  const role = await ctx.loads.role(workspaceId, userId);
  if (!role) throw new NotFoundError('member', 'userId');
  return role;
}

mutation('setMemberRole', {
  right: 'manage',
  input: (t) => ({
    workspaceId: t.id({ required: true }),
    userId: t.id({ required: true }),
    role: t.field({ type: RoleEnum, required: true }),
  }),
  payload: { member: MemberRef },
  target: (input, ctx) => workspaceTarget(input, ctx),
  async change(input, ctx, { workspaceId }) {
    const userId = idOf('User', input.userId, 'userId');
    const before = await memberRole(ctx, workspaceId, userId);
    await setRole(ctx.database, workspaceId, userId, input.role);
    const detail = { from: before, to: input.role };
    await audit(ctx, workspaceId, { action: 'member.role', targetType: 'user', targetId: userId, detail });
    await announce(ctx, workspaceId, { kind: 'MEMBER', id: userId });
    const member = (await listMembers(ctx.database, workspaceId)).find(({ user }) => user.id === userId);
    return member ? { member: { ...member, workspaceId } } : {};
  },
});

mutation('removeMember', {
  description: 'Owners remove others; everybody may leave.',
  right: 'view',
  input: (t) => ({ workspaceId: t.id({ required: true }), userId: t.id({ required: true }) }),
  payload: { removedId: 'ID' },
  target: (input, ctx) => workspaceTarget(input, ctx),
  async change(input, ctx, { workspaceId }) {
    const userId = idOf('User', input.userId, 'userId');
    if (userId !== ctx.viewer.userId) await requireRight(ctx, 'manage', { workspaceId });
    const role = await memberRole(ctx, workspaceId, userId);
    await removeMember(ctx.database, workspaceId, userId);
    await audit(ctx, workspaceId, { action: 'member.remove', targetType: 'user', targetId: userId, detail: { role } });
    await announce(ctx, workspaceId, { kind: 'MEMBER', id: userId });
    return { removedId: globalId('User', userId) };
  },
});
