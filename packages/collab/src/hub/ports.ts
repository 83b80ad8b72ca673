// What a document hub stands on: a store that numbers updates, a channel that spreads them, somebody who knows the roles.

export interface StoredUpdate {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

export interface StoredDocument {
  /** Everything up to and including `seq`; null where there is none newer than what was asked for. */
  readonly snapshot: StoredUpdate | null;
  /** Updates after the snapshot (or after what was asked for), ascending, without holes. */
  readonly updates: readonly StoredUpdate[];
}

/** The log and snapshot of session documents. Adapters pass the contract suite in `test/store-contract.ts`. */
export interface DocumentStore {
  /** Stores an update and gives it the next number of its document, from 1 on; safe from several processes at once. */
  append(
    documentId: string,
    update: { readonly bytes: Uint8Array; readonly userIds: readonly string[] },
  ): Promise<number>;
  /** What somebody who has everything up to `after` needs. An unknown document is an empty one. */
  load(documentId: string, after: number): Promise<StoredDocument>;
  /** Keeps `bytes` as everything up to `seq` and drops the updates it holds; an older snapshot than the kept one is ignored. */
  saveSnapshot(documentId: string, snapshot: StoredUpdate): Promise<void>;
}

type LiveEvent =
  | { readonly kind: 'lossless'; readonly data: Uint8Array; readonly seq?: number }
  | { readonly kind: 'latest'; readonly data: Uint8Array | null; readonly key?: string; readonly ttlMs?: number };

export type LiveDelivery =
  | { readonly type: 'event'; readonly seq: number; readonly data: Uint8Array }
  | { readonly type: 'latest'; readonly key: string; readonly at: number; readonly data: Uint8Array | null }
  | { readonly type: 'gap'; readonly from: number; readonly to: number | null };

export interface LiveFeed {
  readonly ready: Promise<void>;
  next(): Promise<IteratorResult<LiveDelivery, undefined>>;
  return(): Promise<IteratorReturnResult<undefined>>;
}

/** The part of the bus's live channel that is needed here. */
export interface LivePort {
  publish(topic: string, event: LiveEvent): Promise<number>;
  subscribe(topic: string, options: { readonly after?: number; readonly signal?: AbortSignal }): LiveFeed;
}

/** `view`: read document and presence; `edit`: change the document; `join`: show oneself in presence. */
export type DocumentAction = 'view' | 'edit' | 'join';

export interface Actor {
  readonly userId: string;
}

/** Asked before every call; false refuses. What it throws is passed on. */
export type Authorise = (actor: Actor, documentId: string, action: DocumentAction) => boolean | Promise<boolean>;

export const documentTopic = (documentId: string) => `doc:${documentId}`;
export const presenceTopic = (documentId: string) => `presence:${documentId}`;
