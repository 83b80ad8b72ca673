// One subscriber of a topic: a position in its log. Written by hand because a generator's return() waits for a pending next().
import type { BusLimits } from '../limits.ts';
import type { Delivery, LiveSubscription, SubscribeOptions } from './live-channel.ts';
import type { Slot, TopicLog, Watcher } from './topic-log.ts';

type Resolve = (result: IteratorResult<Delivery, undefined>) => void;

export class Subscription implements LiveSubscription, Watcher {
  readonly ready: Promise<void>;
  readonly #log: TopicLog;
  readonly #limits: BusLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #onClose: (self: Subscription) => void;
  readonly #after: number | undefined;
  readonly #waiting: Resolve[] = [];
  #announceReady: () => void = () => {};
  #started = false;
  #closed = false;
  /** Last number delivered or accounted for; undefined: the topic has had no event yet. */
  #position: number | undefined;
  #seenBreaks = 0;
  #seenVersion = 0;
  #startVersion = 0;
  #sinceLatest = 0;

  constructor(
    log: TopicLog,
    limits: BusLimits,
    { after, signal }: SubscribeOptions,
    onClose: (self: Subscription) => void,
  ) {
    this.#log = log;
    this.#limits = limits;
    this.#after = after;
    this.#signal = signal;
    this.#onClose = onClose;
    this.ready = new Promise((resolve) => {
      this.#announceReady = resolve;
    });
    log.watchers.add(this);
    signal?.addEventListener('abort', this.#close, { once: true });
    if (signal?.aborted) this.#close();
    else if (log.ready) this.#start();
  }

  get seenVersion(): number {
    return this.#seenVersion;
  }

  changed(): void {
    if (!this.#started && this.#log.ready) this.#start();
    while (this.#waiting.length > 0) {
      const value = this.#pull();
      if (!value) return;
      this.#waiting.shift()!({ done: false, value });
    }
  }

  #start(): void {
    this.#started = true;
    const { head, breaks } = this.#log;
    this.#position = this.#after ?? head;
    this.#startVersion = this.#log.version;
    // Somebody saw events of this topic, and nothing is left of it: what came since then is unknown.
    const lost = this.#after !== undefined && this.#after > 0 && head === undefined;
    this.#seenBreaks = lost ? breaks - 1 : breaks;
    this.#announceReady();
  }

  /** What is due next: gaps, then lossless events in order, then slots; a slot waits for the events published before it. */
  #pull(): Delivery | undefined {
    if (!this.#started) return undefined;
    const log = this.#log;
    if (this.#after === 0) this.#position = Math.max(this.#position ?? 0, log.base);
    this.#position ??= log.origin;
    const gap = this.#openGap();
    if (gap) return gap;
    const slot = this.#nextSlot();
    const event = this.#position === undefined ? undefined : log.after(this.#position);
    if (slot && (!event || slot.at < event.seq || this.#sinceLatest >= this.#limits.latestPatience)) {
      this.#seenVersion = slot.version;
      this.#sinceLatest = 0;
      return { type: 'latest', key: slot.key, at: slot.at, data: slot.data };
    }
    // Without an event here, the numbers up to the topic's last one have expired.
    const next = event?.seq ?? (log.head ?? 0) + 1;
    const from = (this.#position ?? next - 1) + 1;
    if (next > from) {
      this.#position = next - 1;
      return { type: 'gap', from, to: next - 1 };
    }
    if (!event) return undefined;
    this.#position = event.seq;
    this.#sinceLatest += 1;
    return { type: 'event', seq: event.seq, data: event.data };
  }

  #openGap(): Delivery | undefined {
    if (this.#seenBreaks === this.#log.breaks) return undefined;
    this.#seenBreaks = this.#log.breaks;
    return { type: 'gap', from: (this.#position ?? this.#log.base) + 1, to: null };
  }

  /** A newcomer is not told of slots that were emptied before it came. */
  #nextSlot(): Slot | undefined {
    let slot = this.#log.slotAfter(this.#seenVersion);
    while (slot && slot.data === null && slot.version <= this.#startVersion) {
      this.#seenVersion = slot.version;
      slot = this.#log.slotAfter(this.#seenVersion);
    }
    return slot;
  }

  next(): Promise<IteratorResult<Delivery, undefined>> {
    if (this.#closed) return Promise.resolve(DONE);
    if (this.#waiting.length === 0) {
      const value = this.#pull();
      if (value) return Promise.resolve({ done: false, value });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  readonly #close = (): void => {
    if (this.#closed) return;
    this.#closed = true;
    this.#log.watchers.delete(this);
    this.#signal?.removeEventListener('abort', this.#close);
    this.#announceReady();
    for (const resolve of this.#waiting.splice(0)) resolve(DONE);
    this.#onClose(this);
  };

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#close();
    return DONE;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
