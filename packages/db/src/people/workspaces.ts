// Workspaces: what everything belongs to.

import type { Role } from '@tessera/protocol';
import { checkName, checkText } from '../checks.ts';
import { type Database, query, transaction } from '../database.ts';
import { InputError, NotFoundError } from '../errors.ts';
import { knownId, newId } from '../ids.ts';

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly createdAt: Date;
}

/** A workspace with its first owner. @throws ConflictError when the slug is taken, InputError */
export async function createWorkspace(
  database: Database,
  input: { readonly name: string; readonly slug: string; readonly ownerId: string },
): Promise<Workspace> {
  const name = checkName(input.name);
  const slug = checkText('slug', input.slug, 60);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)) {
    throw new InputError('slug', `is ${slug}; use lower-case letters, digits and single hyphens`);
  }
  const id = newId();
  return transaction(database, async (sql) => {
    const row = await sql.workspace.create({ data: { id, name, slug, createdAt: new Date() } });
    await sql.member.create({ data: { id: newId(), workspaceId: id, userId: input.ownerId, role: 'owner' } });
    return workspaceOf(row);
  });
}

/** @throws NotFoundError */
export async function getWorkspace(database: Database, id: string): Promise<Workspace> {
  const row = await query(database, (sql) => sql.workspace.findUnique({ where: { id: knownId('workspace', id) } }));
  if (!row) throw new NotFoundError('workspace', id);
  return workspaceOf(row);
}

/** The workspaces of a user with the user's role in each, oldest first. */
export async function listWorkspaces(
  database: Database,
  userId: string,
): Promise<{ readonly workspace: Workspace; readonly role: Role }[]> {
  const rows = await query(database, (sql) =>
    sql.member.findMany({
      where: { userId: knownId('user', userId) },
      include: { workspace: true },
      orderBy: { workspaceId: 'asc' },
    }),
  );
  return rows.map(({ workspace, role }) => ({ workspace: workspaceOf(workspace), role: role as Role }));
}

/** With everything in it. @throws NotFoundError */
export async function deleteWorkspace(database: Database, id: string): Promise<void> {
  await transaction(database, async (sql) => {
    const { count } = await sql.workspace.deleteMany({ where: { id: knownId('workspace', id) } });
    if (count === 0) throw new NotFoundError('workspace', id);
  });
}

const workspaceOf = ({ id, name, slug, createdAt }: Workspace): Workspace => ({ id, name, slug, createdAt });
