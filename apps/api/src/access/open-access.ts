// The two ways in: local mode, where everybody on this machine is one user, and accounts.
import type { Database } from '@tessera/db';
import type { RequestHandler } from 'express';
import type { ServerConfig } from '../config/config.ts';
import { openLocalStudio } from '../first-start/local-studio.ts';
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
  /** Where the server is reached. */
  readonly origin: string;
}

export async function openAccess({ database }: AccessOptions): Promise<Access> {
  const { id: userId, name } = await openLocalStudio(database);
  const local = { userId, name, expiresAt: null };
  return { identify: (credentials) => identify(database, credentials, { local }), handler: undefined };
}
