// The store of shared documents over the database: what the document hub appends to and loads from.
import type { DocumentStore } from '@tessera/collab';
import { appendUpdate, type Database, loadDocument, NotFoundError } from '@tessera/db';
import { LRUCache } from 'lru-cache';

/** Sessions whose workspace is remembered. */
const KNOWN = 10_000;

export function databaseDocumentStore(database: Database): DocumentStore {
  // A session never moves to another workspace.
  const workspaces = new LRUCache<string, string>({ max: KNOWN });

  async function workspaceOf(sessionId: string): Promise<string | undefined> {
    const known = workspaces.get(sessionId);
    if (known !== undefined) return known;
    const where = { id: sessionId };
    const row = await database.client.studioSession.findUnique({ where, select: { workspaceId: true } });
    if (row) workspaces.set(sessionId, row.workspaceId);
    return row?.workspaceId;
  }

  return {
    async append(sessionId, { bytes, userIds }) {
      const workspaceId = await workspaceOf(sessionId);
      if (workspaceId === undefined) throw new NotFoundError('session', sessionId);
      return (await appendUpdate(database, workspaceId, sessionId, bytes, userIds.join(' ') || undefined)).seq;
    },

    async load(sessionId, after) {
      const workspaceId = await workspaceOf(sessionId);
      if (workspaceId === undefined) return { snapshot: null, updates: [] };
      const { snapshot, snapshotSeq, updates } = await loadDocument(database, workspaceId, sessionId, after);
      return {
        snapshot: snapshot ? { seq: snapshotSeq, bytes: snapshot } : null,
        updates: updates.map(({ seq, data }) => ({ seq, bytes: data })),
      };
    },

    async saveSnapshot(sessionId, { seq, bytes }) {
      await database.client.$transaction(async (sql) => {
        const { count } = await sql.document.updateMany({
          where: { sessionId, snapshotSeq: { lt: seq }, lastSeq: { gte: seq } },
          data: { snapshot: Uint8Array.from(bytes), snapshotSeq: seq },
        });
        if (count > 0) await sql.documentUpdate.deleteMany({ where: { sessionId, seq: { lte: seq } } });
      });
    },
  };
}
