// Session documents in the database, as the document hub wants them: an id is enough to find one.
import type { DocumentStore, StoredDocument, StoredUpdate } from '@tessera/collab';
import { appendUpdate, type Database, loadDocument, NotFoundError } from '@tessera/db';
import { LRUCache } from 'lru-cache';

export class DatabaseDocumentStore implements DocumentStore {
  readonly #database: Database;
  /** A session never moves to another workspace. */
  readonly #workspaces = new LRUCache<string, string>({ max: 10_000 });

  constructor(database: Database) {
    this.#database = database;
  }

  async append(
    documentId: string,
    { bytes, userIds }: { readonly bytes: Uint8Array; readonly userIds: readonly string[] },
  ): Promise<number> {
    const workspaceId = await this.#workspaceOf(documentId);
    const { seq } = await appendUpdate(this.#database, workspaceId, documentId, bytes, userIds[0]);
    return seq;
  }

  async load(documentId: string, after: number): Promise<StoredDocument> {
    const workspaceId = await this.#find(documentId);
    if (workspaceId === undefined) return { snapshot: null, updates: [] };
    const { snapshot, snapshotSeq, updates } = await loadDocument(this.#database, workspaceId, documentId, after);
    return {
      snapshot: snapshot ? { seq: snapshotSeq, bytes: snapshot } : null,
      updates: updates.map(({ seq, data }) => ({ seq, bytes: data })),
    };
  }

  async saveSnapshot(documentId: string, { seq, bytes }: StoredUpdate): Promise<void> {
    await this.#database.client.$transaction(async (sql) => {
      const { count } = await sql.document.updateMany({
        where: { sessionId: documentId, snapshotSeq: { lt: seq } },
        data: { snapshot: Uint8Array.from(bytes), snapshotSeq: seq },
      });
      if (count > 0) await sql.documentUpdate.deleteMany({ where: { sessionId: documentId, seq: { lte: seq } } });
    });
  }

  /** @throws NotFoundError */
  async #workspaceOf(documentId: string): Promise<string> {
    const workspaceId = await this.#find(documentId);
    if (workspaceId === undefined) throw new NotFoundError('session', documentId);
    return workspaceId;
  }

  async #find(documentId: string): Promise<string | undefined> {
    const known = this.#workspaces.get(documentId);
    if (known !== undefined) return known;
    const where = { id: documentId };
    const row = await this.#database.client.studioSession.findUnique({ where, select: { workspaceId: true } });
    if (row) this.#workspaces.set(documentId, row.workspaceId);
    return row?.workspaceId;
  }
}
