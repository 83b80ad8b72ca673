// The live channel inside one process: events are handed over by reference.
import { type BusLimits, busLimitsWith } from '../limits.ts';
import { checkEvent, checkSubscribe } from './check-event.ts';
import type { LiveChannel, LiveEvent, LiveStats, LiveSubscription, SubscribeOptions } from './live-channel.ts';
import { Topics } from './topics.ts';

export class MemoryLiveChannel implements LiveChannel {
  readonly #limits: BusLimits;
  readonly #topics: Topics;

  constructor(own: Partial<BusLimits> = {}) {
    this.#limits = busLimitsWith(own);
    this.#topics = new Topics({ limits: this.#limits, startReady: true, idleMs: this.#limits.topicTtlMs });
  }

  async publish(topic: string, event: LiveEvent): Promise<number> {
    checkEvent(topic, event, this.#limits);
    const log = this.#topics.open(topic);
    let seq = log.head ?? 0;
    if (event.kind === 'lossless') {
      // The clock keeps numbers rising over restarts: whoever comes back with an old one is told of a gap.
      if (event.seq === undefined && log.head === undefined) log.base = Date.now() - 1;
      seq = event.seq ?? (log.head ?? log.base) + 1;
      log.append({ seq, data: event.data });
    } else {
      log.set(event.key ?? '', event.data, seq, Date.now() + (event.ttlMs ?? this.#limits.latestTtlMs));
    }
    log.notify();
    return seq;
  }

  subscribe(topic: string, options: SubscribeOptions = {}): LiveSubscription {
    checkSubscribe(topic, options);
    return this.#topics.subscribe(topic, options);
  }

  stats(): LiveStats {
    return this.#topics.stats();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#topics.close();
  }
}
