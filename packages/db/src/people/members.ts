// Members of a workspace and their roles. A workspace never loses its last owner.
import { allows, isRole, type Role } from '@tessera/protocol';
import { type Database, query, type Statements, transaction } from '../database.ts';
import { ConflictError, InputError, NotFoundError } from '../errors.ts';
import { knownId, newId } from '../ids.ts';
import { type User, userOf } from './users.ts';

export interface Member {
  readonly user: User;
  readonly role: Role;
  readonly createdAt: Date;
}

/** The role of a user, or undefined where the user is no member. */
export async function roleOf(database: Database, workspaceId: string, userId: string): Promise<Role | undefined> {
  const where = {
    workspaceId_userId: { workspaceId: knownId('workspace', workspaceId), userId: knownId('user', userId) },
  };
  const row = await query(database, (sql) => sql.member.findUnique({ where, select: { role: true } }));
  return row && isRole(row.role) ? row.role : undefined;
}

/** Oldest first. */
export async function listMembers(database: Database, workspaceId: string): Promise<Member[]> {
  const rows = await query(database, (sql) =>
    sql.member.findMany({
      where: { workspaceId: knownId('workspace', workspaceId) },
      include: { user: true },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    }),
  );
  return rows.map(({ user, role, createdAt }) => ({ user: userOf(user), role: role as Role, createdAt }));
}

/**
 * Adds a member or changes a role. Whose new role may not share loses the share links made before.
 * @throws ConflictError for the last owner, or an unknown user; InputError
 */
export async function setRole(database: Database, workspaceId: string, userId: string, role: Role): Promise<void> {
  if (!isRole(role)) throw new InputError('role', `is ${String(role)}; it must be owner, editor, runner or viewer`);
  return transaction(database, async (sql) => {
    await lockMembers(sql, workspaceId);
    const where = { workspaceId_userId: { workspaceId, userId: knownId('user', userId) } };
    await sql.member.upsert({ where, create: { id: newId(), workspaceId, userId, role }, update: { role } });
    await checkOwner(sql, workspaceId);
    if (!allows(role, 'share')) await revokeLinksOf(sql, workspaceId, userId);
  });
}

/** The share links that the member made are over, for good. @throws NotFoundError, ConflictError for the last owner */
export async function removeMember(database: Database, workspaceId: string, userId: string): Promise<void> {
  return transaction(database, async (sql) => {
    await lockMembers(sql, workspaceId);
    const { count } = await sql.member.deleteMany({ where: { workspaceId, userId: knownId('user', userId) } });
    if (count === 0) throw new NotFoundError('member', userId);
    await checkOwner(sql, workspaceId);
    await revokeLinksOf(sql, workspaceId, userId);
  });
}

/** Two owners who remove each other at once would leave none: they take turns. @throws NotFoundError */
async function lockMembers(sql: Statements, workspaceId: string): Promise<void> {
  const rows = await sql.$queryRaw<unknown[]>`
    SELECT id FROM workspaces WHERE id = ${knownId('workspace', workspaceId)} FOR UPDATE`;
  if (rows.length === 0) throw new NotFoundError('workspace', workspaceId);
}

/** A link gives no more rights than its maker has, so it cannot outlive them. */
async function revokeLinksOf(sql: Statements, workspaceId: string, userId: string): Promise<void> {
  const where = { workspaceId, createdById: userId, revokedAt: null };
  await sql.shareLink.updateMany({ where, data: { revokedAt: new Date() } });
}

async function checkOwner(sql: Statements, workspaceId: string): Promise<void> {
  const owners = await sql.member.count({ where: { workspaceId, role: 'owner' } });
  if (owners === 0) throw new ConflictError('A workspace needs an owner; make someone else owner first.');
}
