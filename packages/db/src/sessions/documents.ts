// The shared document of a session: a log of updates with rising numbers, and a snapshot of what came before.
// What the bytes mean is the collaboration package's; merging is passed in.
import { LIMITS } from '@tessera/protocol';
import { type Database, query, type Statements, transaction } from '../database.ts';
import { InputError, NotFoundError } from '../errors.ts';
import { knownId } from '../ids.ts';

export interface StoredUpdate {
  readonly seq: number;
  readonly data: Uint8Array;
}

export interface StoredDocument {
  /** State up to `snapshotSeq`; absent where the asker has seen that much, or there is none yet. */
  readonly snapshot?: Uint8Array;
  readonly snapshotSeq: number;
  /** Later updates in order, without gaps. */
  readonly updates: readonly StoredUpdate[];
  readonly lastSeq: number;
}

export interface AppendedUpdate {
  readonly seq: number;
  /** True when so many updates have gathered that `compactDocument` should be called. */
  readonly compact: boolean;
}

/** @throws NotFoundError, InputError when the update is empty or too large */
export async function appendUpdate(
  database: Database,
  workspaceId: string,
  sessionId: string,
  data: Uint8Array,
  userId?: string,
): Promise<AppendedUpdate> {
  const max = LIMITS.documentUpdateBytes.value;
  if (data.length === 0 || data.length > max) {
    throw new InputError('update', `has ${data.length} bytes; 1 to ${max} can be stored at once`);
  }
  return transaction(database, async (sql) => {
    // The row's lock gives the numbers their order: who commits first has the smaller one.
    const [row] = await sql.$queryRaw<{ seq: number; pending: number }[]>`
      UPDATE documents SET last_seq = last_seq + 1
      WHERE session_id = ${knownId('session', sessionId)} AND workspace_id = ${workspaceId}
      RETURNING last_seq AS seq, last_seq - snapshot_seq AS pending`;
    if (!row) throw new NotFoundError('session', sessionId);
    const { seq, pending } = row;
    await sql.documentUpdate.create({
      data: { sessionId, seq, data: Uint8Array.from(data), userId: userId ?? null },
      select: { seq: true },
    });
    return { seq, compact: pending >= LIMITS.documentCompactEvery.value };
  });
}

/** Everything after `since`; a snapshot first where `since` is older than it. @throws NotFoundError */
export async function loadDocument(
  database: Database,
  workspaceId: string,
  sessionId: string,
  since = 0,
): Promise<StoredDocument> {
  return transaction(database, async (sql) => {
    const { snapshot, snapshotSeq, lastSeq } = await readDocument(sql, workspaceId, sessionId, 'FOR SHARE');
    const updates = await sql.documentUpdate.findMany({
      where: { sessionId, seq: { gt: Math.max(since, snapshotSeq) } },
      select: { seq: true, data: true },
      orderBy: { seq: 'asc' },
    });
    return { snapshotSeq, lastSeq, updates, ...(snapshot !== null && since < snapshotSeq && { snapshot }) };
  });
}

/**
 * Folds the log into the snapshot. Returns false where there was nothing to fold.
 * @param merge the old snapshot, if any, and the updates after it, as one state
 * @throws NotFoundError, InputError when the state has grown too large
 */
export async function compactDocument(
  database: Database,
  workspaceId: string,
  sessionId: string,
  merge: (parts: readonly Uint8Array[]) => Uint8Array,
): Promise<boolean> {
  return transaction(database, async (sql) => {
    const { snapshot, snapshotSeq, lastSeq } = await readDocument(sql, workspaceId, sessionId, 'FOR UPDATE');
    if (lastSeq === snapshotSeq) return false;
    const updates = await sql.documentUpdate.findMany({ where: { sessionId }, orderBy: { seq: 'asc' } });
    const merged = merge([...(snapshot ? [snapshot] : []), ...updates.map(({ data }) => data)]);
    const max = LIMITS.documentBytes.value;
    if (merged.length > max) throw new InputError('document', `has ${merged.length} bytes; at most ${max} are kept`);
    await sql.document.update({
      where: { sessionId },
      data: { snapshot: Uint8Array.from(merged), snapshotSeq: lastSeq },
      select: { snapshotSeq: true },
    });
    await sql.documentUpdate.deleteMany({ where: { sessionId } });
    return true;
  });
}

interface DocumentRow {
  readonly snapshot: Uint8Array | null;
  readonly snapshotSeq: number;
  readonly lastSeq: number;
}

/** Locked, so that log and snapshot are read as of one moment. */
async function readDocument(
  sql: Statements,
  workspaceId: string,
  sessionId: string,
  lock: 'FOR SHARE' | 'FOR UPDATE',
): Promise<DocumentRow> {
  const id = knownId('session', sessionId);
  const [row] = await sql.$queryRawUnsafe<DocumentRow[]>(
    `SELECT snapshot, snapshot_seq AS "snapshotSeq", last_seq AS "lastSeq" FROM documents
     WHERE session_id = $1 AND workspace_id = $2 ${lock}`,
    id,
    workspaceId,
  );
  if (!row) throw new NotFoundError('session', sessionId);
  return row;
}

/** Sessions whose log is longer than it should be, for the command that compacts everything. */
export async function documentsToCompact(
  database: Database,
  minUpdates = 1,
): Promise<{ readonly workspaceId: string; readonly sessionId: string }[]> {
  return query(
    database,
    (sql) => sql.$queryRaw<{ workspaceId: string; sessionId: string }[]>`
      SELECT workspace_id AS "workspaceId", session_id AS "sessionId" FROM documents
      WHERE last_seq - snapshot_seq >= ${minUpdates}::int ORDER BY session_id`,
  );
}
