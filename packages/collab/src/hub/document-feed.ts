// The updates of a document for one subscriber: from the channel, and before and between from the store.
import * as Y from 'yjs';
import type { DocumentStore, LiveDelivery, LiveFeed, StoredUpdate } from './ports.ts';

export type DocumentFeed = AsyncIterableIterator<StoredUpdate, undefined>;

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Written by hand because a generator's return() waits for a pending next(). */
export class StoreBackedFeed implements DocumentFeed {
  readonly #documentId: string;
  readonly #store: DocumentStore;
  readonly #live: LiveFeed;
  #seq: number;
  #started = false;
  #done = false;

  /** `live` delivers what is published from its `ready` on; the reader has everything up to `after`. */
  constructor(documentId: string, store: DocumentStore, live: LiveFeed, after: number) {
    this.#documentId = documentId;
    this.#store = store;
    this.#live = live;
    this.#seq = after;
  }

  /**
   * The next update, with the number up to which a reader is complete then. It may repeat what is known: applying it again
   * changes nothing. Rejects, and ends, when the store fails.
   */
  async next(): Promise<IteratorResult<StoredUpdate, undefined>> {
    try {
      while (!this.#done) {
        const update = await this.#pull();
        if (!update || update.seq <= this.#seq || this.#done) continue;
        this.#seq = update.seq;
        return { done: false, value: update };
      }
      return DONE;
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  async #pull(): Promise<StoredUpdate | undefined> {
    if (!this.#started) {
      this.#started = true;
      await this.#live.ready;
      return this.#missing();
    }
    const { done, value } = await this.#live.next();
    if (done) this.#done = true;
    return value && this.#updateOf(value);
  }

  async #updateOf(delivery: LiveDelivery): Promise<StoredUpdate | undefined> {
    if (delivery.type === 'gap') return this.#missing();
    if (delivery.type === 'latest') return undefined;
    return { seq: delivery.seq, bytes: delivery.data };
  }

  /** What the store has beyond `#seq`, as one update. */
  async #missing(): Promise<StoredUpdate | undefined> {
    const { snapshot, updates } = await this.#store.load(this.#documentId, this.#seq);
    const all = snapshot ? [snapshot, ...updates] : updates;
    const last = all.at(-1);
    return last && { seq: last.seq, bytes: Y.mergeUpdates(all.map(({ bytes }) => bytes)) };
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#done = true;
    return this.#live.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
