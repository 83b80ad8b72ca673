// The live channel over Redis Streams: publishing writes to the server, one reader per process feeds its subscribers.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { BusClosedError, BusUnavailableError } from '../errors.ts';
import { type BusLimits, busLimitsWith } from '../limits.ts';
import { checkEvent, checkSubscribe } from '../live/check-event.ts';
import type { LiveChannel, LiveEvent, LiveStats, LiveSubscription, SubscribeOptions } from '../live/live-channel.ts';
import { Topics } from '../live/topics.ts';
import { blockingConnection, commandConnection, connectFirst, DEFAULT_PREFIX, type RedisAddress } from './connect.ts';
import { LiveReader } from './live-reader.ts';
import { appendEvent, setSlot, topicKeys } from './live-scripts.ts';

export class RedisLiveChannel implements LiveChannel {
  readonly #limits: BusLimits;
  readonly #prefix: string;
  readonly #commands: Redis;
  readonly #reader: LiveReader;
  readonly #topics: Topics;

  private constructor(commands: Redis, blocking: Redis, prefix: string, limits: BusLimits) {
    this.#limits = limits;
    this.#prefix = prefix;
    this.#commands = commands;
    this.#reader = new LiveReader({ commands, blocking, prefix, limits, id: randomUUID() });
    this.#topics = new Topics({
      limits,
      startReady: false,
      idleMs: 0,
      onOpen: (topic, log) => this.#reader.watch(topic, log),
      onDrop: (topic, log) => this.#reader.unwatch(topic, log),
    });
  }

  /** @throws BusUnavailableError if the server cannot be reached */
  static async open(address: RedisAddress, own: Partial<BusLimits> = {}): Promise<RedisLiveChannel> {
    const limits = busLimitsWith(own);
    const commands = commandConnection(address.url, limits);
    await connectFirst(commands, limits);
    const blocking = blockingConnection(address.url, limits);
    return new RedisLiveChannel(commands, blocking, address.prefix ?? DEFAULT_PREFIX, limits);
  }

  async publish(topic: string, event: LiveEvent): Promise<number> {
    checkEvent(topic, event, this.#limits);
    if (this.#topics.closed) throw new BusClosedError();
    const keys = topicKeys(this.#prefix, topic);
    try {
      if (event.kind === 'lossless')
        return await appendEvent(this.#commands, keys, event.data, event.seq, this.#limits);
      const ttlMs = event.ttlMs ?? this.#limits.latestTtlMs;
      return await setSlot(this.#commands, keys, event.key ?? '', event.data, ttlMs, this.#limits);
    } catch (error) {
      throw new BusUnavailableError(`publishing to ${topic}`, error);
    }
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
    await this.#reader.close();
    this.#commands.disconnect();
  }
}
