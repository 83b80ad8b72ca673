// Accounts: better-auth over our tables. A workspace is its organisation; people send their session token as a bearer.
import { type Database, newId } from '@tessera/db';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { toNodeHandler } from 'better-auth/node';
import { bearer, organization } from 'better-auth/plugins';
import type { RequestHandler } from 'express';
import type { ServerConfig } from '../config/config.ts';
import type { Logger } from '../log.ts';
import { signUpRule } from './sign-up.ts';
import type { FindPerson } from './viewer.ts';
import { WORKSPACE_ROLES } from './workspace-roles.ts';

export interface Accounts {
  /** Everything under /api/auth. */
  readonly handler: RequestHandler;
  readonly findPerson: FindPerson;
}

export interface AccountsOptions {
  readonly config: Pick<ServerConfig, 'signUp' | 'origins' | 'trustProxy'>;
  readonly secret: string;
  readonly database: Database;
  /** Where the server is reached: the first of TESSERA_ORIGINS, or its own address. */
  readonly origin: string;
  readonly log: Logger;
}

/** From signing in; being used does not make a token last longer. */
const TOKEN_SECONDS = 30 * 24 * 3_600;

export function openAccounts({ config, secret, database, origin, log }: AccountsOptions): Accounts {
  const options = {
    appName: 'Tessera',
    baseURL: origin,
    basePath: '/api/auth',
    secret,
    trustedOrigins: [origin, ...config.origins],
    telemetry: { enabled: false },
    // There is no mail that proves an address: an invitation is accepted by who holds its id.
    disabledPaths: ['/organization/list-user-invitations'],
    database: prismaAdapter(database.client, { provider: 'postgresql', transaction: false }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      maxPasswordLength: 128,
      disableSignUp: config.signUp === 'closed',
    },
    session: { expiresIn: TOKEN_SECONDS, disableSessionRefresh: true },
    // Ours counts sign-ins per address, in Redis where there is one.
    rateLimit: { enabled: false },
    advanced: {
      database: { generateId: () => newId() },
      ipAddress: { ipAddressHeaders: config.trustProxy ? ['x-forwarded-for'] : [] },
      useSecureCookies: origin.startsWith('https:'),
    },
    databaseHooks: { user: { create: signUpRule(database, config.signUp) } },
    logger: {
      level: 'warn',
      // Its words may hold addresses of people; only that something happened is kept.
      log: (level, message) => log[level === 'error' ? 'error' : 'warn']({ library: 'accounts' }, message),
    },
    plugins: [
      bearer(),
      organization({
        ...WORKSPACE_ROLES,
        creatorRole: 'owner',
        schema: {
          organization: { modelName: 'workspace' },
          member: { fields: { organizationId: 'workspaceId' } },
          invitation: { fields: { organizationId: 'workspaceId' } },
          session: { fields: { activeOrganizationId: 'activeWorkspaceId' } },
        },
      }),
    ],
  } satisfies BetterAuthOptions;
  const auth = betterAuth(options);
  const handle = toNodeHandler(auth);
  return {
    handler: (req, res, next) => {
      handle(req, res).catch(next);
    },
    async findPerson(token) {
      const headers = new Headers({ authorization: `Bearer ${token}` });
      const found = await auth.api.getSession({ headers });
      if (!found) return null;
      return { userId: found.user.id, name: found.user.name, expiresAt: new Date(found.session.expiresAt) };
    },
  };
}
