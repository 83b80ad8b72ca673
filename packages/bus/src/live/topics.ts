// The topics a process holds: made on demand, watched, swept when their time is over.
import { BusClosedError } from '../errors.ts';
import type { BusLimits } from '../limits.ts';
import type { LiveStats, LiveSubscription, SubscribeOptions } from './live-channel.ts';
import { Subscription } from './subscription.ts';
import { TopicLog } from './topic-log.ts';

export interface TopicsOptions {
  readonly limits: BusLimits;
  /** False where a new topic has to be loaded first. */
  readonly startReady: boolean;
  /** ms a topic without watchers is kept after it was last touched; 0 drops it with its last watcher. */
  readonly idleMs: number;
  readonly onOpen?: (name: string, log: TopicLog) => void;
  readonly onDrop?: (name: string, log: TopicLog) => void;
}

export class Topics {
  readonly #options: TopicsOptions;
  /** Least recently touched first. */
  readonly #logs = new Map<string, TopicLog>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #timer: NodeJS.Timeout;
  #closed = false;

  constructor(options: TopicsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#sweep(), options.limits.sweepMs).unref();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The topic, made if there is none, marked as used now. @throws BusClosedError */
  open(name: string): TopicLog {
    if (this.#closed) throw new BusClosedError();
    const known = this.#logs.get(name);
    const log = known ?? new TopicLog(this.#options.limits, this.#options.startReady);
    log.touched = Date.now();
    this.#logs.delete(name);
    this.#logs.set(name, log);
    if (!known) this.#options.onOpen?.(name, log);
    return log;
  }

  subscribe(name: string, options: SubscribeOptions): LiveSubscription {
    const log = this.open(name);
    const subscription = new Subscription(log, this.#options.limits, options, (self) => {
      this.#subscriptions.delete(self);
      log.touched = Date.now();
      if (this.#options.idleMs > 0 || log.watchers.size > 0 || this.#logs.get(name) !== log) return;
      this.#logs.delete(name);
      this.#options.onDrop?.(name, log);
    });
    if (log.watchers.has(subscription)) this.#subscriptions.add(subscription);
    return subscription;
  }

  /** Drops topics that nobody watches, oldest first, until the windows fit into `totalBytes`. */
  #trim(): void {
    let bytes = this.stats().bytes;
    for (const [name, log] of this.#logs) {
      if (bytes <= this.#options.limits.totalBytes) return;
      if (log.watchers.size > 0) continue;
      bytes -= log.bytes;
      this.#logs.delete(name);
    }
  }

  #sweep(): void {
    const now = Date.now();
    for (const [name, log] of this.#logs) {
      log.expire(now);
      if (log.watchers.size === 0 && now - log.touched >= this.#options.idleMs) this.#logs.delete(name);
    }
    this.#trim();
  }

  stats(): LiveStats {
    let bytes = 0;
    for (const log of this.#logs.values()) bytes += log.bytes;
    return { topics: this.#logs.size, subscribers: this.#subscriptions.size, bytes };
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions) void subscription.return();
    this.#logs.clear();
  }
}
