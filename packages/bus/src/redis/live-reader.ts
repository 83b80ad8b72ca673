// The one blocking connection of a process: reads every watched topic and feeds the local logs.
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { BusLimits } from '../limits.ts';
import type { TopicLog } from '../live/topic-log.ts';
import { openTopic, seqOf, topicKeys } from './live-scripts.ts';

interface Watched {
  readonly log: TopicLog;
  readonly keys: readonly string[];
  /** Must be opened, at first and after every loss of the connection. */
  stale: boolean;
  /** The server process that was read last. */
  server: string | undefined;
  eventId: string;
  changeId: string;
}

export interface LiveReaderOptions {
  readonly commands: Redis;
  readonly blocking: Redis;
  readonly prefix: string;
  readonly limits: BusLimits;
  /** Names this process; its stream is written to wake the reader. */
  readonly id: string;
}

type Reply = [key: Buffer, entries: [id: Buffer, fields: Buffer[]][]][] | null;

export class LiveReader {
  readonly #o: LiveReaderOptions;
  readonly #wakeKey: string;
  readonly #topics = new Map<string, Watched>();
  #wakeId = '0-0';
  #closed = false;
  readonly #abort = new AbortController();
  #parked: (() => void) | undefined;
  readonly #done: Promise<void>;

  constructor(options: LiveReaderOptions) {
    this.#o = options;
    this.#wakeKey = `${options.prefix}:live:wake:${options.id}`;
    this.#done = this.#loop();
  }

  /** Starts to feed `log`; it becomes ready when its window is loaded. */
  watch(topic: string, log: TopicLog): void {
    const keys = topicKeys(this.#o.prefix, topic);
    this.#topics.set(topic, { log, keys, stale: true, server: undefined, eventId: '0-0', changeId: '0-0' });
    this.#wake();
  }

  unwatch(topic: string, log: TopicLog): void {
    if (this.#topics.get(topic)?.log === log) this.#topics.delete(topic);
  }

  #wake(): void {
    this.#parked?.();
    // A blocked read sees this entry, whichever of the two reaches the server first. If it is lost with the connection,
    // the read is lost too and the loop opens what is stale.
    const { commands, limits } = this.#o;
    commands
      .pipeline()
      .xadd(this.#wakeKey, 'MAXLEN', 1, '*', 'w', '1')
      .pexpire(this.#wakeKey, 10 * limits.blockMs)
      .exec()
      .catch(() => {});
  }

  async #loop(): Promise<void> {
    let failures = 0;
    while (!this.#closed) {
      try {
        await this.#openStale();
        if (this.#topics.size === 0) await this.#park();
        else if (!this.#anyStale()) await this.#read();
        failures = 0;
      } catch {
        // Whatever went wrong, the topics are opened again: by number, so that nothing is lost or seen twice.
        for (const watched of this.#topics.values()) watched.stale = true;
        failures += 1;
        await delay(Math.min(20 * 2 ** failures, this.#o.limits.retryMs), undefined, {
          signal: this.#abort.signal,
        }).catch(() => {});
      }
    }
  }

  #anyStale(): boolean {
    for (const { stale } of this.#topics.values()) if (stale) return true;
    return false;
  }

  #park(): Promise<void> {
    return new Promise((resolve) => {
      this.#parked = resolve;
      if (this.#closed || this.#topics.size > 0) resolve();
    });
  }

  async #openStale(): Promise<void> {
    const stale = Array.from(this.#topics.values()).filter((watched) => watched.stale);
    await Promise.all(stale.map((watched) => this.#open(watched)));
  }

  async #open(watched: Watched): Promise<void> {
    const { commands, limits } = this.#o;
    const { log } = watched;
    const opened = await openTopic(commands, watched.keys, limits);
    // The last moments before a crash may be lost even where Redis persists: say so, once.
    const restarted = watched.server !== undefined && watched.server !== opened.server;
    if (restarted || (opened.head ?? 0) < (log.head ?? 0)) log.breaks += 1;
    watched.server = opened.server;
    log.base = opened.base;
    for (const event of opened.events) log.append(event);
    // Events that expired or were trimmed still count.
    if (opened.head !== undefined && opened.head > (log.head ?? 0)) log.head = opened.head;
    const now = Date.now();
    const kept = new Set(opened.slots.map(({ key }) => key));
    if (opened.head !== undefined || kept.size > 0) {
      for (const key of log.keys()) if (!kept.has(key)) log.set(key, null, log.head ?? 0, now);
    }
    for (const { key, at, leftMs, data } of opened.slots) log.restore(key, data, at, now + leftMs);
    watched.eventId = opened.head === undefined ? '0-0' : `${opened.head}-0`;
    watched.changeId = opened.changeId;
    watched.stale = false;
    log.ready = true;
    log.notify();
  }

  async #read(): Promise<void> {
    const { blocking, limits } = this.#o;
    const watched = Array.from(this.#topics.values());
    const byKey = new Map(watched.flatMap((w) => [[w.keys[0]!, w] as const, [w.keys[2]!, w] as const]));
    const keys = [this.#wakeKey, ...watched.flatMap((w) => [w.keys[0]!, w.keys[2]!])];
    const ids = [this.#wakeId, ...watched.flatMap((w) => [w.eventId, w.changeId])];
    const options = ['COUNT', limits.readBatch, 'BLOCK', limits.blockMs];
    const reply = (await blocking.callBuffer('XREAD', [...options, 'STREAMS', ...keys, ...ids])) as Reply;
    const now = Date.now();
    for (const [key, entries] of reply ?? []) {
      const name = key.toString();
      const topic = byKey.get(name);
      if (!topic) this.#wakeId = entries.at(-1)![0].toString();
      else if (name === topic.keys[0]) this.#takeEvents(topic, entries);
      else if (!topic.stale) this.#takeChanges(topic, entries, now);
    }
    for (const topic of new Set(reply?.map(([key]) => byKey.get(key.toString())))) topic?.log.notify();
  }

  #takeEvents(topic: Watched, entries: [id: Buffer, fields: Buffer[]][]): void {
    // With its first events a topic gets a base; opening reads it, and these events and slots with it.
    if (topic.log.head === undefined) topic.stale = true;
    else for (const [id, fields] of entries) topic.log.append({ seq: seqOf(id), data: fields[1]! });
    topic.eventId = entries.at(-1)![0].toString();
  }

  #takeChanges(topic: Watched, entries: [id: Buffer, fields: Buffer[]][], now: number): void {
    for (const [id, [, key, , at, , ttl, , holds, , data]] of entries) {
      const value = holds!.toString() === '1' ? data! : null;
      topic.log.set(key!.toString(), value, Number(at), now + Number(ttl));
      topic.changeId = id.toString();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#abort.abort();
    this.#parked?.();
    this.#o.blocking.disconnect();
    await this.#done;
  }
}
