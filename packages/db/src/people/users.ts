// People as the rest of the data needs them. Accounts and sign-in sessions belong to the accounts library.
import { checkName, checkText } from '../checks.ts';
import { type Database, query } from '../database.ts';
import { NotFoundError } from '../errors.ts';
import { knownId, newId } from '../ids.ts';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly image: string | null;
  readonly createdAt: Date;
}

/** @throws ConflictError when the e-mail address is taken, InputError */
export async function createUser(
  database: Database,
  input: { readonly name: string; readonly email: string; readonly id?: string },
): Promise<User> {
  const data = {
    id: input.id ?? newId(),
    name: checkName(input.name),
    email: checkText('email', input.email, 320).toLowerCase(),
  };
  return query(database, async (sql) => userOf(await sql.user.create({ data })));
}

/** @throws NotFoundError */
export async function getUser(database: Database, id: string): Promise<User> {
  const row = await query(database, (sql) => sql.user.findUnique({ where: { id: knownId('user', id) } }));
  if (!row) throw new NotFoundError('user', id);
  return userOf(row);
}

export const userOf = ({ id, name, email, image, createdAt }: User): User => ({ id, name, email, image, createdAt });
