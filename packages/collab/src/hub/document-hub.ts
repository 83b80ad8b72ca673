// The shared documents of a server process: everybody's updates are checked, stored, numbered and spread here.
import * as Y from 'yjs';
import { readSnapshot, type SessionSnapshot } from '../document/read.ts';
import { DocumentLimitError, ForbiddenError, HubClosedError } from '../errors.ts';
import { type CollabLimits, collabLimitsWith } from '../limits.ts';
import { encodeDifference } from './difference.ts';
import { type DocumentFeed, StoreBackedFeed } from './document-feed.ts';
import { OpenDocument } from './open-document.ts';
import {
  type Actor,
  type Authorise,
  type DocumentAction,
  type DocumentStore,
  documentTopic,
  type LivePort,
} from './ports.ts';

export interface DocumentHubOptions {
  readonly store: DocumentStore;
  readonly live: LivePort;
  readonly authorise: Authorise;
  readonly limits?: Partial<CollabLimits>;
}

export interface SyncAnswer {
  /** Everything up to this number is in `update` and what the caller had. */
  readonly seq: number;
  /** What the caller lacks. */
  readonly update: Uint8Array;
  /** What the server has: the caller pushes its difference to this. */
  readonly stateVector: Uint8Array;
}

export class DocumentHub implements AsyncDisposable {
  readonly #o: DocumentHubOptions;
  readonly #limits: CollabLimits;
  readonly #documents = new Map<string, Promise<OpenDocument>>();
  readonly #timer: NodeJS.Timeout;
  #closed = false;

  constructor(options: DocumentHubOptions) {
    this.#o = options;
    this.#limits = collabLimitsWith(options.limits);
    this.#timer = setInterval(() => void this.#sweep(), Math.min(this.#limits.idleMs, 10_000)).unref();
  }

  async #open(documentId: string): Promise<OpenDocument> {
    if (this.#closed) throw new HubClosedError();
    const { store, live } = this.#o;
    const known =
      this.#documents.get(documentId) ?? OpenDocument.open({ id: documentId, store, live, limits: this.#limits });
    this.#documents.set(documentId, known);
    try {
      const document = await known;
      document.touched = Date.now();
      return document;
    } catch (error) {
      if (this.#documents.get(documentId) === known) this.#documents.delete(documentId);
      throw error;
    }
  }

  async #allow(actor: Actor, documentId: string, action: DocumentAction): Promise<void> {
    if (!(await this.#o.authorise(actor, documentId, action))) throw new ForbiddenError(action, documentId);
  }

  /**
   * Applies an update: all of it or nothing. It is stored when this resolves, under the number that it resolves to.
   * @throws ForbiddenError; UpdateMalformedError, DocumentShapeError, DocumentLimitError (the client starts anew from the
   * server's document); UpdatesMissingError (the client synchronises); StoreFailedError (the client tries again)
   */
  async push(documentId: string, actor: Actor, update: Uint8Array): Promise<number> {
    await this.#allow(actor, documentId, 'edit');
    const max = this.#limits.updateBytes;
    if (update.byteLength > max) throw new DocumentLimitError('updateBytes', update.byteLength, max, 'bytes');
    return (await this.#open(documentId)).push(actor.userId, update);
  }

  /** What a client lacks, by its state vector; without one, everything. @throws ForbiddenError, UpdateMalformedError */
  async sync(documentId: string, actor: Actor, stateVector?: Uint8Array): Promise<SyncAnswer> {
    await this.#allow(actor, documentId, 'view');
    const { doc, seq } = await this.#open(documentId);
    return { seq, update: encodeDifference(doc, stateVector), stateVector: Y.encodeStateVector(doc) };
  }

  /** Updates after `after`, the `seq` of a sync. @throws ForbiddenError */
  async updates(
    documentId: string,
    actor: Actor,
    { after, signal }: { readonly after: number; readonly signal?: AbortSignal },
  ): Promise<DocumentFeed> {
    await this.#allow(actor, documentId, 'view');
    const { store, live } = this.#o;
    return new StoreBackedFeed(
      documentId,
      store,
      live.subscribe(documentTopic(documentId), signal ? { signal } : {}),
      after,
    );
  }

  /** The document as plain values. @throws ForbiddenError */
  async snapshot(documentId: string, actor: Actor): Promise<SessionSnapshot & { readonly seq: number }> {
    await this.#allow(actor, documentId, 'view');
    const { doc, seq } = await this.#open(documentId);
    return { ...readSnapshot(doc), seq };
  }

  /** Documents in memory. */
  get size(): number {
    return this.#documents.size;
  }

  async #sweep(): Promise<void> {
    const before = Date.now() - this.#limits.idleMs;
    for (const [id, opening] of this.#documents) {
      const document = await opening.catch(() => undefined);
      if (!document || document.busy || document.touched > before) continue;
      if (this.#documents.get(id) === opening) this.#documents.delete(id);
      await document.close();
    }
  }

  /** Stores what was pushed, then closes every document. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    const documents = await Promise.allSettled(this.#documents.values());
    this.#documents.clear();
    for (const document of documents) if (document.status === 'fulfilled') await document.value.close();
  }
}
