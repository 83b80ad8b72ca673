// Contract: workspaces, roles, invitations, share links, the audit log.
import { describe, expect, test } from 'vitest';
import {
  acceptInvitation,
  ConflictError,
  createShareLink,
  createUser,
  createWorkspace,
  type Database,
  deleteWorkspace,
  ExpiredError,
  getUser,
  getWorkspace,
  InputError,
  invite,
  isShareLinkOpen,
  listAudit,
  listInvitations,
  listMembers,
  listShareLinks,
  listWorkspaces,
  NotFoundError,
  openShareLink,
  recordAudit,
  removeMember,
  revokeShareLink,
  roleOf,
  setRole,
  withdrawInvitation,
} from '../../src/index.ts';
import { makeWorld } from './world.ts';

export function peopleContract(open: () => Database): void {
  test('workspaces: slugs are unique and plain, deletion takes everything', async () => {
    const { database, workspaceId, userId, run } = await makeWorld(open());
    const { slug } = await getWorkspace(database, workspaceId);
    const create = (wanted: string) => createWorkspace(database, { name: 'x', slug: wanted, ownerId: userId });
    await expect(create(slug)).rejects.toThrow(ConflictError);
    for (const wrong of ['Upper', 'a b', '-a', 'a--b', '']) await expect(create(wrong)).rejects.toThrow(InputError);
    expect((await listWorkspaces(database, userId)).map(({ workspace, role }) => [workspace.id, role])).toEqual([
      [workspaceId, 'owner'],
    ]);
    await run();
    await deleteWorkspace(database, workspaceId);
    await expect(getWorkspace(database, workspaceId)).rejects.toThrow(NotFoundError);
    expect(await database.client.run.count({ where: { workspaceId } })).toBe(0);
    expect(await database.client.queueEntry.count({ where: { workspaceId } })).toBe(0);
  });

  test('users: an address once, in any case', async () => {
    const { database, userId } = await makeWorld(open());
    const { email } = await getUser(database, userId);
    await expect(createUser(database, { name: 'x', email: email.toUpperCase() })).rejects.toThrow(ConflictError);
    await expect(getUser(database, 'a\0')).rejects.toThrow(NotFoundError);
  });

  test('a workspace never loses its last owner, not even to two at once', async () => {
    const { database, workspaceId, userId, user } = await makeWorld(open());
    await expect(setRole(database, workspaceId, userId, 'editor')).rejects.toThrow(ConflictError);
    await expect(removeMember(database, workspaceId, userId)).rejects.toThrow(ConflictError);
    const second = await user();
    await setRole(database, workspaceId, second, 'owner');
    const both = await Promise.allSettled([userId, second].map((id) => removeMember(database, workspaceId, id)));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await listMembers(database, workspaceId)).map(({ role }) => role)).toEqual(['owner']);
  });

  test('roles are set, read and taken; unknown people and workspaces are refused', async () => {
    const { database, workspaceId, user } = await makeWorld(open());
    const id = await user();
    expect(await roleOf(database, workspaceId, id)).toBeUndefined();
    await setRole(database, workspaceId, id, 'viewer');
    await setRole(database, workspaceId, id, 'runner');
    expect(await roleOf(database, workspaceId, id)).toBe('runner');
    await removeMember(database, workspaceId, id);
    expect(await roleOf(database, workspaceId, id)).toBeUndefined();
    await expect(removeMember(database, workspaceId, id)).rejects.toThrow(NotFoundError);
    await expect(setRole(database, 'none', id, 'viewer')).rejects.toThrow(NotFoundError);
    await expect(setRole(database, workspaceId, 'nobody', 'viewer')).rejects.toThrow(ConflictError);
    await expect(setRole(database, workspaceId, id, 'boss' as 'viewer')).rejects.toThrow(InputError);
  });

  describe('invitations', () => {
    test('only the invited address accepts, once; a higher role stays', async () => {
      const { database, workspaceId, userId: inviterId, user } = await makeWorld(open());
      const [guest, stranger] = [await user(), await user()];
      const { email } = await getUser(database, guest);
      const ask = (role: 'viewer' | 'editor') =>
        invite(database, { workspaceId, inviterId, email: ` ${email.toUpperCase()}`, role });
      const first = await ask('viewer');
      const second = await ask('editor');
      expect((await listInvitations(database, workspaceId)).map(({ id }) => id)).toEqual([second.id]);
      await expect(acceptInvitation(database, second.id, stranger)).rejects.toThrow(NotFoundError);
      await expect(acceptInvitation(database, first.id, guest)).rejects.toThrow(ExpiredError);
      await acceptInvitation(database, second.id, guest);
      await expect(acceptInvitation(database, second.id, guest)).rejects.toThrow(ExpiredError);
      await acceptInvitation(database, (await ask('viewer')).id, guest);
      expect(await roleOf(database, workspaceId, guest)).toBe('editor');
    });

    test('withdrawn or past their time they are worth nothing', async () => {
      const { database, workspaceId, userId: inviterId, user } = await makeWorld(open());
      const guest = await user();
      const { email } = await getUser(database, guest);
      const { id } = await invite(database, { workspaceId, inviterId, email, role: 'viewer' });
      await expect(withdrawInvitation(database, 'other', id)).rejects.toThrow(NotFoundError);
      await withdrawInvitation(database, workspaceId, id);
      await expect(acceptInvitation(database, id, guest)).rejects.toThrow(ExpiredError);
      await expect(invite(database, { workspaceId, inviterId, email: 'nobody', role: 'viewer' })).rejects.toThrow(
        InputError,
      );
    });
  });

  test('share links end with the membership of their maker, or with their right to share, for good', async () => {
    const { database, workspaceId, userId, user } = await makeWorld(open());
    const maker = await user();
    await setRole(database, workspaceId, maker, 'editor');
    const linkOf = (createdById: string) => createShareLink(database, { workspaceId, access: 'edit', createdById });
    const [first, owners] = [await linkOf(maker), await linkOf(userId)];
    await setRole(database, workspaceId, maker, 'owner');
    expect(await isShareLinkOpen(database, first.link.id)).toBe(true);
    await setRole(database, workspaceId, maker, 'runner');
    await expect(openShareLink(database, first.token)).rejects.toThrow(ExpiredError);
    await setRole(database, workspaceId, maker, 'editor');
    expect(await isShareLinkOpen(database, first.link.id)).toBe(false);
    const second = await linkOf(maker);
    await removeMember(database, workspaceId, maker);
    await expect(openShareLink(database, second.token)).rejects.toThrow(ExpiredError);
    await setRole(database, workspaceId, maker, 'editor');
    expect(await isShareLinkOpen(database, second.link.id)).toBe(false);
    expect(await isShareLinkOpen(database, owners.link.id)).toBe(true);
  });

  test('share links open until revoked or over, and are stored as hashes only', async () => {
    const { database, workspaceId, userId: createdById } = await makeWorld(open());
    const { link, token } = await createShareLink(database, { workspaceId, access: 'view', createdById });
    expect(await openShareLink(database, token)).toEqual(link);
    const stored = await database.client.shareLink.findUniqueOrThrow({ where: { id: link.id } });
    expect(JSON.stringify(stored)).not.toContain(token);
    await expect(openShareLink(database, `${token}x`)).rejects.toThrow(NotFoundError);
    await expect(revokeShareLink(database, 'other', link.id)).rejects.toThrow(NotFoundError);
    expect(await isShareLinkOpen(database, link.id)).toBe(true);
    await revokeShareLink(database, workspaceId, link.id);
    await revokeShareLink(database, workspaceId, link.id);
    expect(await isShareLinkOpen(database, link.id)).toBe(false);
    await expect(openShareLink(database, token)).rejects.toThrow(ExpiredError);
    const soon = await createShareLink(database, {
      workspaceId,
      access: 'edit',
      createdById,
      expiresAt: new Date(Date.now() + 3_600_000),
    });
    await database.client.shareLink.update({ where: { id: soon.link.id }, data: { expiresAt: new Date(0) } });
    await expect(openShareLink(database, soon.token)).rejects.toThrow(ExpiredError);
    await expect(
      createShareLink(database, { workspaceId, sessionId: 'none', access: 'view', createdById }),
    ).rejects.toThrow(NotFoundError);
    expect(await listShareLinks(database, workspaceId)).toHaveLength(2);
  });

  test('the audit log of one workspace, newest first', async () => {
    const { database, workspaceId, userId: actorId } = await makeWorld(open());
    const entry = { workspaceId, actorId, targetType: 'member', targetId: actorId };
    for (const action of ['a', 'b', 'c']) await recordAudit(database, { ...entry, action, detail: { action } });
    const { edges, hasNextPage } = await listAudit(database, workspaceId, { first: 2 });
    expect(edges.map(({ node }) => node.action)).toEqual(['c', 'b']);
    expect(hasNextPage).toBe(true);
    const rest = await listAudit(database, workspaceId, { first: 2, after: edges[1]!.cursor });
    expect(rest.edges.map(({ node }) => node.detail)).toEqual([{ action: 'a' }]);
    expect((await listAudit(database, 'other', {})).edges).toEqual([]);
  });
}
