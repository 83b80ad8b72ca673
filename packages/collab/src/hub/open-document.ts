// One document in memory: takes pushes one after the other, stores them together, spreads them, follows other processes.
import * as Y from 'yjs';
import { openDoc } from '../document/roots.ts';
import { CollabError, HubClosedError, StoreFailedError } from '../errors.ts';
import type { CollabLimits } from '../limits.ts';
import { Candidate } from './candidate.ts';
import { type DocumentStore, documentTopic, type LiveFeed, type LivePort } from './ports.ts';

interface Push {
  readonly userId: string;
  readonly bytes: Uint8Array;
  readonly resolve: (seq: number) => void;
  readonly reject: (error: unknown) => void;
}

export interface OpenDocumentOptions {
  readonly id: string;
  readonly store: DocumentStore;
  readonly live: LivePort;
  readonly limits: CollabLimits;
}

export class OpenDocument {
  readonly #o: OpenDocumentOptions;
  readonly #doc = openDoc();
  readonly #candidate: Candidate;
  readonly #feed: LiveFeed;
  readonly #following: Promise<void>;
  #waiting: Push[] = [];
  #flushing: Promise<void> | undefined;
  #closed = false;
  /** Everything up to this number is in `#doc`. */
  #seq = 0;
  /** Number of the newest snapshot in the store, as far as known here. */
  #snapshotSeq = 0;
  /** ms since the epoch. */
  touched = Date.now();

  private constructor(options: OpenDocumentOptions) {
    this.#o = options;
    this.#candidate = new Candidate(options.limits, Y.encodeStateAsUpdate(this.#doc));
    // Subscribed before loading, so that nothing falls between.
    this.#feed = options.live.subscribe(documentTopic(options.id), {});
    this.#following = this.#follow();
  }

  static async open(options: OpenDocumentOptions): Promise<OpenDocument> {
    const document = new OpenDocument(options);
    try {
      await document.#feed.ready;
      await document.#catchUp();
      return document;
    } catch (error) {
      await document.close();
      throw new StoreFailedError(error);
    }
  }

  get doc(): Y.Doc {
    return this.#doc;
  }

  get seq(): number {
    return this.#seq;
  }

  get busy(): boolean {
    return this.#flushing !== undefined;
  }

  /** What the store has beyond `#seq`. */
  async #catchUp(): Promise<void> {
    const { snapshot, updates } = await this.#o.store.load(this.#o.id, this.#seq);
    if (snapshot) {
      this.#take(snapshot.bytes);
      this.#snapshotSeq = Math.max(this.#snapshotSeq, snapshot.seq);
    }
    for (const { bytes } of updates) this.#take(bytes);
    this.#seq = Math.max(this.#seq, updates.at(-1)?.seq ?? snapshot?.seq ?? 0);
  }

  #take(update: Uint8Array): void {
    Y.applyUpdate(this.#doc, update);
    this.#candidate.follow(update);
  }

  /** Other processes' updates. What does not follow on the last number is fetched from the store. */
  async #follow(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#feed.next();
      if (done) return;
      if (value.type === 'event' && value.seq <= this.#seq) continue;
      if (value.type === 'event' && value.seq === this.#seq + 1) {
        this.#take(value.data);
        this.#seq = value.seq;
      } else if (value.type !== 'latest') {
        // The store may be away: the next event, or the next load, tries again.
        await this.#catchUp().catch(() => {});
      }
    }
  }

  /** The number under which the update is stored; that of the newest update where it adds nothing. */
  push(userId: string, bytes: Uint8Array): Promise<number> {
    this.touched = Date.now();
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(new HubClosedError());
      this.#waiting.push({ userId, bytes, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, this.#o.limits.tickMs));
      const pushes = this.#waiting;
      this.#waiting = [];
      await this.#storeTogether(pushes);
    }
    this.#flushing = undefined;
  }

  async #storeTogether(pushes: readonly Push[]): Promise<void> {
    const accepted: Push[] = [];
    const updates: Uint8Array[] = [];
    for (const push of pushes) {
      try {
        const effect = this.#candidate.try(push.bytes);
        if (effect) updates.push(effect);
        accepted.push(push);
      } catch (error) {
        push.reject(error);
        this.#candidate.reset(Y.encodeStateAsUpdate(this.#doc));
        for (const update of updates) this.#candidate.follow(update);
      }
    }
    try {
      const seq = updates.length > 0 ? await this.#store(Y.mergeUpdates(updates), accepted) : this.#seq;
      for (const push of accepted) push.resolve(seq);
    } catch (error) {
      this.#candidate.reset(Y.encodeStateAsUpdate(this.#doc));
      const wrapped = error instanceof CollabError ? error : new StoreFailedError(error);
      for (const push of accepted) push.reject(wrapped);
    }
  }

  /** Store first, then apply, then spread. */
  async #store(update: Uint8Array, pushes: readonly Push[]): Promise<number> {
    const { store, live, id } = this.#o;
    const userIds = [...new Set(pushes.map(({ userId }) => userId))];
    const seq = await store.append(id, { bytes: update, userIds });
    Y.applyUpdate(this.#doc, update);
    if (seq === this.#seq + 1) this.#seq = seq;
    // A channel that is away tells its subscribers of a gap when it is back; the store has the update.
    await live.publish(documentTopic(id), { kind: 'lossless', data: update, seq }).catch(() => {});
    if (seq - this.#snapshotSeq >= this.#o.limits.compactEvery) await this.#compact().catch(() => {});
    return seq;
  }

  /** A failed compaction is made up for by the next one. */
  async #compact(): Promise<void> {
    // Another process may have stored updates that have not arrived here.
    await this.#catchUp();
    const snapshot = { seq: this.#seq, bytes: Y.encodeStateAsUpdate(this.#doc) };
    await this.#o.store.saveSnapshot(this.#o.id, snapshot);
    this.#snapshotSeq = snapshot.seq;
  }

  /** Stores what was pushed, then lets go of everything. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#flushing;
    await this.#feed.return();
    await this.#following;
    this.#candidate.destroy();
    this.#doc.destroy();
  }
}
