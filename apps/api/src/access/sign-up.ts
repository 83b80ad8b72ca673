// Who may make an account: anybody, or whoever was invited; the first one always, and becomes the first owner.
import { createWorkspace, type Database } from '@tessera/db';
import { APIError } from 'better-auth/api';
import type { ServerConfig } from '../config/config.ts';
import { createDemo } from '../first-start/local-studio.ts';

interface NewUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Hooks around the making of a user. */
export function signUpRule(database: Database, rule: ServerConfig['signUp']) {
  return {
    async before({ email }: { readonly email: string }): Promise<void> {
      if (rule === 'open' || (await mayEnter(database, email))) return;
      throw new APIError('FORBIDDEN', { message: 'This studio is by invitation; ask an owner of a workspace.' });
    },
    async after({ id, name }: NewUser): Promise<void> {
      const workspace = await createWorkspace(database, {
        name: `Studio of ${name}`.slice(0, 200),
        slug: `studio-${id}`,
        ownerId: id,
      });
      await createDemo(database, workspace.id, id);
    },
  };
}

async function mayEnter({ client }: Database, email: string): Promise<boolean> {
  const where = { email: email.toLowerCase(), status: 'pending', expiresAt: { gt: new Date() } };
  return (await client.invitation.count({ where })) > 0 || (await client.user.count()) === 0;
}
