// The live channel, a port: topics that many may watch, with replay, explicit gaps and bounded memory.

/** What is published. `data` is handed to subscribers as it is: do not change it afterwards. */
export type LiveEvent =
  | {
      /** Metrics, tokens, document updates: every subscriber gets every event, or is told of a gap. */
      readonly kind: 'lossless';
      readonly data: Uint8Array;
      /**
       * The publisher's own number (from the database), from 1 on and rising by one; a number that is not above the
       * topic's last one is ignored, so that publishing again is harmless. Without it the channel numbers, starting
       * at the clock in ms. A topic uses one of the two ways, always.
       */
      readonly seq?: number;
    }
  | {
      /** Frames, statuses, presence: only the newest of a key matters; null takes it away. */
      readonly kind: 'latest';
      readonly data: Uint8Array | null;
      readonly key?: string;
      /** Gone after this; subscribers are told. Default: `latestTtlMs`. */
      readonly ttlMs?: number;
    };

/** What a subscriber receives. */
export type Delivery =
  | { readonly type: 'event'; readonly seq: number; readonly data: Uint8Array }
  /** `at`: number of the newest lossless event when it was published. `data` null: removed or expired. */
  | { readonly type: 'latest'; readonly key: string; readonly at: number; readonly data: Uint8Array | null }
  /**
   * Numbers `from` to `to`, both included, cannot be had here: read them from where they are stored. `to` null: a hub or
   * server was restarted, so something from `from` on may be missing that no number shows; read the source from there. A
   * hole that shows afterwards is told on its own.
   */
  | { readonly type: 'gap'; readonly from: number; readonly to: number | null };

export interface SubscribeOptions {
  /** Number of the last event the subscriber has. 0: from the beginning. Absent: only what comes after `ready`. */
  readonly after?: number;
  /** Ends the iteration, as `return()` does. */
  readonly signal?: AbortSignal;
}

/**
 * One subscriber. It holds a position, no events: a slow one costs nothing and is told of a gap when the window has
 * moved on. `return()` settles a waiting `next()` and frees everything at once.
 */
export interface LiveSubscription extends AsyncIterableIterator<Delivery, undefined>, AsyncDisposable {
  /** Settles when what is published from now on will be seen. Never rejects. */
  readonly ready: Promise<void>;
  next(): Promise<IteratorResult<Delivery, undefined>>;
  return(): Promise<IteratorReturnResult<undefined>>;
  [Symbol.asyncIterator](): LiveSubscription;
}

export interface LiveStats {
  /** Topics held in this process. */
  readonly topics: number;
  readonly subscribers: number;
  /** Bytes of replay windows and slots in this process. */
  readonly bytes: number;
}

export interface LiveChannel extends AsyncDisposable {
  /**
   * The event's number; for `latest` the number of the newest lossless event.
   * @throws EventTooLargeError, BusNameError, BusOptionError; BusUnavailableError while Redis is away (nothing waits for it)
   */
  publish(topic: string, event: LiveEvent): Promise<number>;
  /** Never fails because of Redis: the iteration waits until it is back. @throws BusNameError, BusOptionError, BusClosedError */
  subscribe(topic: string, options?: SubscribeOptions): LiveSubscription;
  stats(): LiveStats;
}
