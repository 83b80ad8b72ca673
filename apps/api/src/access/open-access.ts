// The two ways in: local mode, where everybody on this machine is one user, and accounts.
import type { Database } from '@tessera/db';
import { type RequestHandler, Router } from 'express';
import type { ServerConfig } from '../config/config.ts';
import { openLocalStudio } from '../first-start/local-studio.ts';
import type { Logger } from '../log.ts';
import { openAccounts } from './accounts.ts';
import { addressOf } from './address.ts';
import type { RateLimits } from './rate-limits.ts';
import { type Credentials, type Identity, identify } from './viewer.ts';

export interface Access {
  /** @throws for credentials that open nothing */
  readonly identify: (credentials: Credentials) => Promise<Identity>;
  /** Sign-up, sign-in and sign-out at /api/auth; absent in local mode. */
  readonly handler: RequestHandler | undefined;
}

export interface AccessOptions {
  readonly config: ServerConfig;
  readonly secret: string;
  readonly database: Database;
  readonly rates: RateLimits;
  readonly log: Logger;
  /** Where the server is reached. */
  readonly origin: string;
}

export async function openAccess(options: AccessOptions): Promise<Access> {
  const { config, database, rates } = options;
  if (!config.accounts) {
    const { id: userId, name } = await openLocalStudio(database);
    const local = { userId, name, expiresAt: null };
    return { identify: (credentials) => identify(database, credentials, { local }), handler: undefined };
  }
  const { handler, findPerson } = openAccounts(options);
  const router = Router();
  // Passwords are guessed by asking often.
  router.post(/^\/(sign-in|sign-up|forget-password|reset-password)/, async (req, _res, next) => {
    await rates.signIn(addressOf(req, config.trustProxy));
    next();
  });
  router.use(handler);
  return { identify: (credentials) => identify(database, credentials, findPerson), handler: router };
}
