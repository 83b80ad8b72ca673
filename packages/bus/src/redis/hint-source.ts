// Where the lanes of one consumer get their hints from: BullMQ's jobs, fetched by hand and finished at once.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { BusLimits } from '../limits.ts';
import type { LaneSource } from '../queue/lanes.ts';
import type { HintOptions } from '../queue/run-queue.ts';
import { DEFAULT_PREFIX, queueConnection, type RedisAddress } from './connect.ts';

export const QUEUE_NAME = 'runs';

export interface Hint {
  readonly runId: string;
}

export function queuePrefix({ prefix }: RedisAddress): string {
  return `${prefix ?? DEFAULT_PREFIX}:queue`;
}

interface Owner {
  hint(runId: string, options?: HintOptions): Promise<void>;
  closed(): void;
}

/** Between fetching a job and finishing it lies a millisecond; if a process dies in it, the job returns after this. */
const LOCK_MS = 5_000;

export class HintSource implements LaneSource {
  readonly #limits: BusLimits;
  readonly #owner: Owner;
  readonly #redis: Redis;
  readonly #worker: Worker<Hint>;
  /** A fetch that is under way; it outlives a `take` that gave up. */
  #fetching: Promise<string | null> | undefined;
  #closed = false;

  constructor(address: RedisAddress, limits: BusLimits, owner: Owner) {
    this.#limits = limits;
    this.#owner = owner;
    this.#redis = queueConnection(address.url, limits);
    this.#worker = new Worker<Hint>(QUEUE_NAME, null, {
      connection: this.#redis,
      prefix: queuePrefix(address),
      autorun: false,
      drainDelay: limits.blockMs / 1000,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS,
      maxStalledCount: 1_000,
    });
    // A lost connection comes back by itself; until then the lanes poll.
    this.#worker.on('error', () => {});
    void this.#worker.startStalledCheckTimer();
  }

  async take(signal: AbortSignal): Promise<string | null> {
    const until = Date.now() + this.#limits.pollMs;
    while (!signal.aborted && Date.now() < until) {
      this.#fetching ??= this.#fetch();
      const fetched = await this.#orGiveUp(this.#fetching, until - Date.now(), signal);
      if (fetched === GAVE_UP) return null;
      this.#fetching = undefined;
      if (fetched !== null) return fetched;
    }
    return null;
  }

  async #fetch(): Promise<string | null> {
    const token = randomUUID();
    try {
      const job = await this.#worker.getNextJob(token);
      if (!job) return null;
      // If this is lost, the job returns once its lock is over: a spurious hint.
      await job.moveToCompleted(null, token, false).catch(() => {});
      return job.data.runId;
    } catch {
      if (!this.#closed) await delay(this.#limits.retryMs, undefined, { ref: false });
      return null;
    }
  }

  #orGiveUp(
    fetching: Promise<string | null>,
    ms: number,
    signal: AbortSignal,
  ): Promise<string | null | typeof GAVE_UP> {
    return new Promise((resolve) => {
      const end = (result: string | null | typeof GAVE_UP) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        resolve(result);
      };
      const giveUp = () => end(GAVE_UP);
      const timer = setTimeout(giveUp, ms);
      signal.addEventListener('abort', giveUp, { once: true });
      void fetching.then(end);
    });
  }

  async retry(runId: string): Promise<void> {
    await this.#owner.hint(runId, { delayMs: this.#limits.handlerRetryMs });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker.close(true);
    const late = await this.#fetching;
    if (late) await this.#owner.hint(late).catch(() => {});
    this.#redis.disconnect();
    this.#owner.closed();
  }
}

const GAVE_UP = Symbol('gave up');
