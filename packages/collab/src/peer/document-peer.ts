// One editor's copy of a session document: works offline, catches up when connected, sends changes in batches.
import * as Y from 'yjs';
import { openDoc } from '../document/roots.ts';

export interface PeerSync {
  readonly seq: number;
  readonly update: Uint8Array;
  readonly stateVector: Uint8Array;
}

/** How a push ended. `behind`: synchronise first. `refused`: the server will never take it. */
export type PushAnswer =
  | { readonly type: 'stored'; readonly seq: number }
  | { readonly type: 'behind' }
  | { readonly type: 'refused'; readonly error: Error };

/** The way to the server: three GraphQL operations in the page. Any rejection counts as a lost connection. */
export interface DocumentLink {
  sync(stateVector: Uint8Array): Promise<PeerSync>;
  push(update: Uint8Array): Promise<PushAnswer>;
  /** Ends with the connection; `return()` must settle a waiting `next()`. */
  updates(
    after: number,
  ): Promise<AsyncIterableIterator<{ readonly seq: number; readonly bytes: Uint8Array }, undefined>>;
}

export interface DocumentPeerOptions {
  /** The connection was lost, or the server refused it: call `connect` again, later. */
  readonly onOffline?: (cause: unknown) => void;
  /** The server refused a change: `doc` is a new one now, from the server, without it. Bind editors and undo anew. */
  readonly onReset?: (error: Error) => void;
}

type State =
  | { readonly type: 'offline' }
  | { readonly type: 'online'; readonly link: DocumentLink; readonly session: object };

/** Origin of what comes from the server. */
export const REMOTE = Symbol('remote');

export class DocumentPeer {
  readonly #options: DocumentPeerOptions;
  #doc: Y.Doc;
  #state: State = { type: 'offline' };
  #outbox: Uint8Array[] = [];
  /** Something was done here that the server may not have. */
  #dirty = false;
  /** The session that is sending. */
  #sending: object | undefined;
  #feed: AsyncIterableIterator<unknown, undefined> | undefined;

  constructor(options: DocumentPeerOptions = {}) {
    this.#options = options;
    this.#doc = this.#listen(openDoc());
  }

  get doc(): Y.Doc {
    return this.#doc;
  }

  get online(): boolean {
    return this.#state.type === 'online';
  }

  /** True when the server has everything that was done here. */
  get saved(): boolean {
    return !this.#dirty;
  }

  #listen(doc: Y.Doc): Y.Doc {
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === REMOTE) return;
      this.#dirty = true;
      if (this.#state.type === 'offline') return;
      this.#outbox.push(update);
      void this.#send();
    });
    return doc;
  }

  /** Catches up in both directions, then follows. Resolves when the server's state is here; rejects if the link fails. */
  async connect(link: DocumentLink): Promise<void> {
    this.disconnect();
    const session = {};
    this.#state = { type: 'online', link, session };
    try {
      await this.#synchronise(link, session);
    } catch (error) {
      if (this.#is(session)) this.#goOffline();
      throw error;
    }
  }

  #is(session: object): boolean {
    return this.#state.type === 'online' && this.#state.session === session;
  }

  async #synchronise(link: DocumentLink, session: object): Promise<void> {
    const { seq, update, stateVector } = await link.sync(Y.encodeStateVector(this.#doc));
    if (!this.#is(session)) return;
    Y.applyUpdate(this.#doc, update, REMOTE);
    // The difference holds whatever waited in the outbox. Somebody who only looks has nothing to push.
    this.#outbox = this.#dirty ? [Y.encodeStateAsUpdate(this.#doc, stateVector)] : [];
    void this.#send();
    const feed = await link.updates(seq);
    if (!this.#is(session)) return void (await feed.return?.());
    const old = this.#feed;
    // First replaced, then ended: the end of the current feed would count as a lost connection.
    this.#feed = feed;
    await old?.return?.();
    void this.#follow(feed, session);
  }

  async #follow(
    feed: AsyncIterableIterator<{ readonly bytes: Uint8Array }, undefined>,
    session: object,
  ): Promise<void> {
    try {
      for await (const { bytes } of feed) {
        if (!this.#is(session) || this.#feed !== feed) return;
        Y.applyUpdate(this.#doc, bytes, REMOTE);
      }
      if (this.#feed === feed) this.#lost(session, new Error('the subscription ended'));
    } catch (error) {
      if (this.#feed === feed) this.#lost(session, error);
    }
  }

  /** One push at a time; what is done meanwhile goes with the next. */
  async #send(): Promise<void> {
    if (this.#state.type === 'offline' || this.#sending === this.#state.session) return;
    const { link, session } = this.#state;
    this.#sending = session;
    try {
      while (this.#outbox.length > 0 && this.#is(session)) {
        const update = Y.mergeUpdates(this.#outbox);
        this.#outbox = [];
        const answer = await link.push(update);
        if (!this.#is(session)) return;
        if (answer.type === 'stored' && this.#outbox.length === 0) this.#dirty = false;
        if (answer.type === 'behind') await this.#synchronise(link, session);
        if (answer.type === 'refused') await this.#startAnew(link, session, answer.error);
      }
    } catch (error) {
      this.#lost(session, error);
    } finally {
      if (this.#sending === session) this.#sending = undefined;
    }
  }

  /** What was refused is part of this copy's history; every later change would build on it. */
  async #startAnew(link: DocumentLink, session: object, error: Error): Promise<void> {
    this.#doc.destroy();
    this.#doc = this.#listen(openDoc());
    this.#outbox = [];
    this.#dirty = false;
    await this.#synchronise(link, session);
    this.#options.onReset?.(error);
  }

  #lost(session: object, cause: unknown): void {
    if (!this.#is(session)) return;
    this.#goOffline();
    this.#options.onOffline?.(cause);
  }

  #goOffline(): void {
    this.#state = { type: 'offline' };
    this.#outbox = [];
    void this.#feed?.return?.();
    this.#feed = undefined;
  }

  /** Editing goes on; `connect` brings both sides together again. */
  disconnect(): void {
    if (this.#state.type === 'online') this.#goOffline();
  }

  destroy(): void {
    this.disconnect();
    this.#doc.destroy();
  }
}
