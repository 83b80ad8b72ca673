// Who asks: from the bearer token and the share token of a request or a socket.
import type { IncomingHttpHeaders } from 'node:http';
import { type Database, openShareLink } from '@tessera/db';
import type { ShareGrant, Viewer } from '@tessera/schema';
import { InvalidTokenError } from './errors.ts';

/** What a client sends: never a cookie, which other pages could make a browser send. */
export interface Credentials {
  readonly bearer?: string;
  readonly share?: string;
}

/** A signed-in person. */
export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly expiresAt: Date | null;
}

/** Finds the person of a token; null where it is not valid (any more). */
export type FindPerson = (bearer: string) => Promise<Person | null>;

export interface Identity {
  readonly viewer: Viewer;
  /** When the token ends by itself. */
  readonly expiresAt: Date | null;
}

const NOBODY: Viewer = { kind: 'nobody', userId: null, name: 'Nobody', share: null };

export function credentialsOfHeaders(headers: IncomingHttpHeaders): Credentials {
  const bearer = /^Bearer\s+(\S{1,4096})$/i.exec(headers.authorization ?? '')?.[1];
  const share = headers['x-tessera-share'];
  return { ...(bearer !== undefined && { bearer }), ...(typeof share === 'string' && share && { share }) };
}

/** The payload of `connection_init`: `{ token?, share? }`. */
export function credentialsOfInit(payload: Record<string, unknown> | undefined): Credentials {
  const { token, share } = payload ?? {};
  return {
    ...(typeof token === 'string' && token && { bearer: token.replace(/^Bearer\s+/i, '') }),
    ...(typeof share === 'string' && share && { share }),
  };
}

/**
 * @param person of a server with accounts; absent in local mode, where everybody is the local user
 * @throws InvalidTokenError for a bearer token that is not valid; NotFoundError or ExpiredError of the database for the
 * share token of somebody who is nobody else
 */
export async function identify(
  database: Database,
  { bearer, share }: Credentials,
  person: FindPerson | { readonly local: Person },
): Promise<Identity> {
  const found = typeof person === 'function' ? await findOrThrow(person, bearer) : person.local;
  // A person keeps working when a link that they once opened is over.
  const grant =
    share === undefined
      ? null
      : await grantOf(database, share).catch((error: unknown) => {
          if (found) return null;
          throw error;
        });
  if (found) {
    const kind = typeof person === 'function' ? 'account' : 'local';
    const viewer = { kind, userId: found.userId, name: found.name, share: grant } as const;
    return { viewer, expiresAt: found.expiresAt };
  }
  if (!grant) return { viewer: NOBODY, expiresAt: null };
  const guest = { kind: 'guest', userId: `guest_${grant.linkId}`, name: 'Guest', share: grant } as const;
  return { viewer: guest, expiresAt: null };
}

async function findOrThrow(find: FindPerson, bearer: string | undefined): Promise<Person | null> {
  if (bearer === undefined) return null;
  const person = await find(bearer);
  if (!person) throw new InvalidTokenError();
  return person;
}

async function grantOf(database: Database, token: string): Promise<ShareGrant> {
  const { id, workspaceId, sessionId, access } = await openShareLink(database, token);
  return { linkId: id, workspaceId, sessionId, access };
}
