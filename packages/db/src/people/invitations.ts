// Invitations by e-mail address: pending until accepted, rejected, withdrawn or over.
import { isRole, LIMITS, type Role } from '@tessera/protocol';
import { checkText } from '../checks.ts';
import { type Database, query, transaction } from '../database.ts';
import { ExpiredError, InputError, NotFoundError } from '../errors.ts';
import { knownId, newId } from '../ids.ts';

export interface Invitation {
  readonly id: string;
  readonly workspaceId: string;
  readonly email: string;
  readonly role: Role;
  readonly status: 'pending' | 'accepted' | 'rejected' | 'canceled';
  readonly inviterId: string;
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

/** Inviting an address again replaces the pending invitation. @throws InputError */
export async function invite(
  database: Database,
  input: { readonly workspaceId: string; readonly inviterId: string; readonly email: string; readonly role: Role },
): Promise<Invitation> {
  const { workspaceId, inviterId, role } = input;
  const email = checkText('email', input.email, 320).toLowerCase();
  if (!/^\S+@\S+$/.test(email)) throw new InputError('email', `is ${email}; it must be an e-mail address`);
  if (!isRole(role)) throw new InputError('role', `is ${String(role)}; it must be owner, editor, runner or viewer`);
  const createdAt = new Date();
  const expiresAt = new Date(createdAt.getTime() + LIMITS.invitationDays.value * 86_400_000);
  return transaction(database, async (sql) => {
    await sql.invitation.updateMany({ where: { workspaceId, email, status: 'pending' }, data: { status: 'canceled' } });
    const data = { id: newId(), workspaceId, inviterId, email, role, expiresAt, createdAt };
    return invitationOf(await sql.invitation.create({ data }));
  });
}

/**
 * Makes the user a member; a member keeps the higher of both roles. Only the invited address may accept.
 * @throws NotFoundError also for another's invitation, ExpiredError
 */
export async function acceptInvitation(database: Database, invitationId: string, userId: string): Promise<Invitation> {
  return transaction(database, async (sql) => {
    const id = knownId('invitation', invitationId);
    const user = await sql.user.findUnique({ where: { id: knownId('user', userId) } });
    await sql.$executeRaw`SELECT id FROM invitations WHERE id = ${id} FOR UPDATE`;
    const row = await sql.invitation.findUnique({ where: { id } });
    if (!row || row.email !== user?.email) throw new NotFoundError('invitation', invitationId);
    if (row.status !== 'pending' || row.expiresAt < new Date()) throw new ExpiredError('invitation');
    const { workspaceId } = row;
    const role = row.role && isRole(row.role) ? row.role : 'viewer';
    const member = await sql.member.findUnique({ where: { workspaceId_userId: { workspaceId, userId } } });
    if (!member) await sql.member.create({ data: { id: newId(), workspaceId, userId, role } });
    else if (isHigher(role, member.role)) await sql.member.update({ where: { id: member.id }, data: { role } });
    return invitationOf(await sql.invitation.update({ where: { id }, data: { status: 'accepted' } }));
  });
}

const RANK: readonly string[] = ['viewer', 'runner', 'editor', 'owner'];
const isHigher = (a: string, b: string): boolean => RANK.indexOf(a) > RANK.indexOf(b);

/** @throws NotFoundError when there is no pending one in the workspace */
export async function withdrawInvitation(database: Database, workspaceId: string, invitationId: string): Promise<void> {
  const where = { id: knownId('invitation', invitationId), workspaceId, status: 'pending' };
  const { count } = await query(database, (sql) => sql.invitation.updateMany({ where, data: { status: 'canceled' } }));
  if (count === 0) throw new NotFoundError('invitation', invitationId);
}

/** Pending ones, newest first. */
export async function listInvitations(database: Database, workspaceId: string): Promise<Invitation[]> {
  const where = { workspaceId, status: 'pending', expiresAt: { gt: new Date() } };
  const rows = await query(database, (sql) => sql.invitation.findMany({ where, orderBy: { id: 'desc' } }));
  return rows.map(invitationOf);
}

type Row = Omit<Invitation, 'role' | 'status'> & { readonly role: string | null; readonly status: string };

const invitationOf = ({ id, workspaceId, email, role, status, inviterId, expiresAt, createdAt }: Row): Invitation => ({
  id,
  workspaceId,
  email,
  role: role && isRole(role) ? role : 'viewer',
  status: status as Invitation['status'],
  inviterId,
  expiresAt,
  createdAt,
});
