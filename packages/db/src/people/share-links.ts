// Links that let a holder view or edit a session, or view a workspace; only a hash of the token is kept.
import { randomBytes } from 'node:crypto';
import { SHARE_ACCESS, type ShareAccess } from '@tessera/protocol';
import { hashToken } from '../checks.ts';
import { type Database, query, transaction } from '../database.ts';
import { ExpiredError, InputError, NotFoundError } from '../errors.ts';
import { knownId, newId } from '../ids.ts';

export interface ShareLink {
  readonly id: string;
  readonly workspaceId: string;
  /** Null: every session of the workspace. */
  readonly sessionId: string | null;
  readonly access: ShareAccess;
  readonly createdById: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
}

/** The token is in this answer and nowhere else. @throws NotFoundError when the session is not in the workspace, InputError */
export async function createShareLink(
  database: Database,
  input: {
    readonly workspaceId: string;
    readonly sessionId?: string;
    readonly access: ShareAccess;
    readonly createdById: string;
    readonly expiresAt?: Date;
  },
): Promise<{ readonly link: ShareLink; readonly token: string }> {
  const { workspaceId, sessionId, access, createdById, expiresAt } = input;
  if (!SHARE_ACCESS.includes(access)) throw new InputError('access', 'must be view or edit');
  if (expiresAt && !(expiresAt > new Date())) throw new InputError('expiresAt', 'is in the past');
  const token = randomBytes(32).toString('base64url');
  return transaction(database, async (sql) => {
    if (sessionId !== undefined) {
      const found = await sql.studioSession.count({ where: { id: knownId('session', sessionId), workspaceId } });
      if (found === 0) throw new NotFoundError('session', sessionId);
    }
    const row = await sql.shareLink.create({
      data: {
        id: newId(),
        workspaceId,
        sessionId: sessionId ?? null,
        tokenHash: hashToken(token),
        access,
        createdById,
        expiresAt: expiresAt ?? null,
        createdAt: new Date(),
      },
    });
    return { link: linkOf(row), token };
  });
}

/** What a token opens. @throws NotFoundError when there is no such link, ExpiredError when revoked or over */
export async function openShareLink(database: Database, token: string): Promise<ShareLink> {
  const where = { tokenHash: hashToken(token) };
  const row = await query(database, (sql) => sql.shareLink.findUnique({ where }));
  if (!row) throw new NotFoundError('link', 'given');
  if (!isOpen(row)) throw new ExpiredError('link');
  return linkOf(row);
}

/** Whether a link still opens: asked again while sockets that came through it are live. */
export async function isShareLinkOpen(database: Database, linkId: string): Promise<boolean> {
  const row = await query(database, (sql) => sql.shareLink.findUnique({ where: { id: knownId('link', linkId) } }));
  return row !== null && isOpen(row);
}

/** At once and for good. @throws NotFoundError */
export async function revokeShareLink(database: Database, workspaceId: string, linkId: string): Promise<void> {
  const where = { id: knownId('link', linkId), workspaceId };
  const { count } = await query(database, (sql) =>
    sql.shareLink.updateMany({ where: { ...where, revokedAt: null }, data: { revokedAt: new Date() } }),
  );
  if (count === 0 && (await query(database, (sql) => sql.shareLink.count({ where }))) === 0) {
    throw new NotFoundError('link', linkId);
  }
}

/** Revoked ones too, newest first. */
export async function listShareLinks(database: Database, workspaceId: string): Promise<ShareLink[]> {
  const rows = await query(database, (sql) =>
    sql.shareLink.findMany({ where: { workspaceId }, orderBy: { id: 'desc' }, take: 1_000 }),
  );
  return rows.map(linkOf);
}

type Row = Omit<ShareLink, 'access'> & { readonly access: string };

const isOpen = ({ revokedAt, expiresAt }: Pick<Row, 'revokedAt' | 'expiresAt'>): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > new Date());

export const linkOf = ({
  id,
  workspaceId,
  sessionId,
  access,
  createdById,
  expiresAt,
  revokedAt,
  createdAt,
}: Row): ShareLink => ({
  id,
  workspaceId,
  sessionId,
  access: access as ShareAccess,
  createdById,
  expiresAt,
  revokedAt,
  createdAt,
});
