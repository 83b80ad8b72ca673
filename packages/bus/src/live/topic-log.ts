// One topic in this process: the replay window, the latest-wins slots, and who watches.
import type { BusLimits } from '../limits.ts';

export interface LogEvent {
  readonly seq: number;
  readonly data: Uint8Array;
}

export interface Slot {
  readonly key: string;
  readonly data: Uint8Array | null;
  readonly at: number;
  /** Rises with every change of any slot of the topic. */
  readonly version: number;
  /** ms since the epoch, of this machine's clock. */
  readonly expires: number;
}

/** Called after every change; it must not throw. */
export interface Watcher {
  readonly seenVersion: number;
  changed(): void;
}

export class TopicLog {
  readonly watchers = new Set<Watcher>();
  /** False until the window is loaded (Redis). */
  ready: boolean;
  /** Number before the topic's first event: 0 where publishers number. */
  base = 0;
  /** Number before the first event that was seen here, for those who watched from before it. */
  origin: number | undefined;
  /** Last number; undefined in a topic without events. */
  head: number | undefined;
  /** Rises when events may have been lost without a number to show for it. */
  breaks = 0;
  /** Bytes held in window and slots. */
  bytes = 0;
  /** When something was last published or watched, ms since the epoch. */
  touched = Date.now();

  readonly #limits: BusLimits;
  /** Events `#first`.. are the window; what lies before is cut away now and then. */
  #events: LogEvent[] = [];
  #first = 0;
  #windowBytes = 0;
  /** In order of version. */
  readonly #slots = new Map<string, Slot>();
  #version = 0;

  constructor(limits: BusLimits, ready: boolean) {
    this.#limits = limits;
    this.ready = ready;
  }

  get version(): number {
    return this.#version;
  }

  /** Adds the next event. One that is not above the last is ignored; false then. */
  append(event: LogEvent): boolean {
    if (this.head !== undefined && event.seq <= this.head) return false;
    this.origin ??= this.base > 0 ? this.base : event.seq - 1;
    this.head = event.seq;
    this.#events.push(event);
    this.#windowBytes += event.data.byteLength;
    this.bytes += event.data.byteLength;
    while (this.#over()) this.#dropOldest();
    if (this.#first > 64 && this.#first * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#first);
      this.#first = 0;
    }
    return true;
  }

  #over(): boolean {
    const count = this.#events.length - this.#first;
    return count > this.#limits.windowEvents || (count > 1 && this.#windowBytes > this.#limits.windowBytes);
  }

  #dropOldest(): void {
    const { data } = this.#events[this.#first]!;
    this.#events[this.#first] = { seq: 0, data: EMPTY };
    this.#first += 1;
    this.#windowBytes -= data.byteLength;
    this.bytes -= data.byteLength;
  }

  /** The first event of the window above `seq`. */
  after(seq: number): LogEvent | undefined {
    let low = this.#first;
    let high = this.#events.length;
    // Readers are mostly at the end: one look saves the search.
    if (this.head === undefined || seq >= this.head) return undefined;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#events[middle]!.seq > seq) high = middle;
      else low = middle + 1;
    }
    return this.#events[low];
  }

  /** Puts a value into a slot, or null to take it away. */
  set(key: string, data: Uint8Array | null, at: number, expires: number): void {
    const old = this.#slots.get(key);
    if (!old && data === null) return;
    this.#drop(old);
    this.#version += 1;
    this.#slots.set(key, { key, data, at, version: this.#version, expires });
    this.bytes += data?.byteLength ?? 0;
    if (this.#slots.size > this.#limits.latestKeys) this.#drop(this.#slots.values().next().value);
  }

  /** Sets what a server still has; a value that is here already keeps its version, so that nobody gets it again. */
  restore(key: string, data: Uint8Array, at: number, expires: number): void {
    const slot = this.#slots.get(key);
    const same = slot?.data && slot.at === at && Buffer.compare(slot.data, data) === 0;
    if (same) this.#slots.set(key, { ...slot, expires });
    else this.set(key, data, at, expires);
  }

  #drop(slot: Slot | undefined): void {
    if (!slot) return;
    this.#slots.delete(slot.key);
    this.bytes -= slot.data?.byteLength ?? 0;
  }

  /** The oldest slot that changed after `version`. */
  slotAfter(version: number): Slot | undefined {
    if (version >= this.#version) return undefined;
    for (const slot of this.#slots.values()) if (slot.version > version) return slot;
    return undefined;
  }

  /** Keys of the slots that hold something. */
  keys(): string[] {
    return Array.from(this.#slots.values()).flatMap(({ key, data }) => (data === null ? [] : [key]));
  }

  /** Empties slots whose time is over, and forgets the empty ones that every watcher knows of. */
  expire(now: number): void {
    const due = Array.from(this.#slots.values()).filter(({ data, expires }) => data !== null && expires <= now);
    for (const { key, at } of due) this.set(key, null, at, now);
    const seen = Math.min(...Array.from(this.watchers, ({ seenVersion }) => seenVersion));
    for (const slot of this.#slots.values()) if (slot.data === null && slot.version <= seen) this.#drop(slot);
    if (due.length > 0) this.notify();
  }

  notify(): void {
    for (const watcher of this.watchers) watcher.changed();
  }
}

const EMPTY = new Uint8Array(0);
