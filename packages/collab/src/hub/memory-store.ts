// The document store in memory: for tests, and as the plainest example of one.
import type { DocumentStore, StoredDocument, StoredUpdate } from './ports.ts';

interface Entry {
  snapshot: StoredUpdate | null;
  updates: StoredUpdate[];
  last: number;
}

export class MemoryDocumentStore implements DocumentStore {
  readonly #documents = new Map<string, Entry>();

  #entry(documentId: string): Entry {
    const known = this.#documents.get(documentId) ?? { snapshot: null, updates: [], last: 0 };
    this.#documents.set(documentId, known);
    return known;
  }

  async append(documentId: string, { bytes }: { readonly bytes: Uint8Array }): Promise<number> {
    const entry = this.#entry(documentId);
    entry.last += 1;
    entry.updates.push({ seq: entry.last, bytes });
    return entry.last;
  }

  async load(documentId: string, after: number): Promise<StoredDocument> {
    const { snapshot, updates } = this.#entry(documentId);
    const newer = snapshot && snapshot.seq > after ? snapshot : null;
    const from = newer?.seq ?? after;
    return { snapshot: newer, updates: updates.filter(({ seq }) => seq > from) };
  }

  async saveSnapshot(documentId: string, snapshot: StoredUpdate): Promise<void> {
    const entry = this.#entry(documentId);
    if (entry.snapshot && entry.snapshot.seq >= snapshot.seq) return;
    entry.snapshot = snapshot;
    entry.updates = entry.updates.filter(({ seq }) => seq > snapshot.seq);
  }
}
