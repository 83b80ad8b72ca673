// Studio sessions: what a team opens together.
import { checkName, hashOf } from '../checks.ts';
import { type Database, query, transaction } from '../database.ts';
import { NotFoundError } from '../errors.ts';
import { earlierResult } from '../idempotency.ts';
import { knownId, newId } from '../ids.ts';
import { edgeByTime, keysetOf, newestFirst, type Page, type PageRequest, pageOf } from '../page.ts';

export interface StudioSession {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly createdById: string;
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A session and its document, empty or with a first update. @throws InputError, IdempotencyConflictError */
export async function createSession(
  database: Database,
  input: {
    readonly workspaceId: string;
    readonly userId: string;
    readonly name: string;
    /** The session that the document is copied from: part of what a repeated request must have in common. */
    readonly from?: string;
    readonly firstUpdate?: Uint8Array;
    readonly idempotencyKey?: string;
  },
): Promise<StudioSession> {
  const { workspaceId, userId, idempotencyKey, from, firstUpdate } = input;
  const name = checkName(input.name);
  const id = newId();
  return transaction(database, async (sql) => {
    const request = {
      workspaceId,
      userId,
      key: idempotencyKey,
      operation: 'createSession',
      bodyHash: hashOf({ name, ...(from !== undefined && { from }) }),
    };
    const earlier = await earlierResult(sql, request, id);
    if (earlier === undefined) {
      const now = new Date();
      await sql.studioSession.create({
        data: { id, workspaceId, name, createdById: userId, createdAt: now, updatedAt: now },
      });
      await sql.document.create({ data: { sessionId: id, workspaceId, lastSeq: firstUpdate ? 1 : 0 } });
      if (firstUpdate) {
        await sql.documentUpdate.create({
          data: { sessionId: id, seq: 1, data: Uint8Array.from(firstUpdate), userId },
        });
      }
    }
    return sql.studioSession.findUniqueOrThrow({ where: { id: earlier ?? id } });
  });
}

/** @throws NotFoundError */
export async function getSession(database: Database, workspaceId: string, sessionId: string): Promise<StudioSession> {
  const where = { id: knownId('session', sessionId), workspaceId };
  const row = await query(database, (sql) => sql.studioSession.findFirst({ where }));
  if (!row) throw new NotFoundError('session', sessionId);
  return row;
}

/** Newest first; archived ones only when asked for. */
export async function listSessions(
  database: Database,
  workspaceId: string,
  page: PageRequest,
  { archived = false }: { readonly archived?: boolean } = {},
): Promise<Page<StudioSession>> {
  const keyset = keysetOf(page);
  const { where, ...order } = newestFirst(keyset);
  const which = { workspaceId, archivedAt: archived ? { not: null } : null };
  const rows = await query(database, (sql) => sql.studioSession.findMany({ where: { ...which, ...where }, ...order }));
  return pageOf(rows, keyset, edgeByTime);
}

/** @throws NotFoundError, InputError */
export async function updateSession(
  database: Database,
  workspaceId: string,
  sessionId: string,
  change: { readonly name?: string; readonly archived?: boolean },
): Promise<StudioSession> {
  const data = {
    ...(change.name !== undefined && { name: checkName(change.name) }),
    ...(change.archived !== undefined && { archivedAt: change.archived ? new Date() : null }),
    updatedAt: new Date(),
  };
  const where = { id: knownId('session', sessionId), workspaceId };
  await query(database, (sql) => sql.studioSession.updateMany({ where, data }));
  return getSession(database, workspaceId, sessionId);
}

/** With its document, links and comments; its runs stay in the workspace. @throws NotFoundError */
export async function deleteSession(database: Database, workspaceId: string, sessionId: string): Promise<void> {
  const where = { id: knownId('session', sessionId), workspaceId };
  const { count } = await query(database, (sql) => sql.studioSession.deleteMany({ where }));
  if (count === 0) throw new NotFoundError('session', sessionId);
}
