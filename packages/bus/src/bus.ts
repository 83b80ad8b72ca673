// One bus: the run queue and the live channel of a process, in memory or over Redis.
import { type BusLimits, busLimitsWith } from './limits.ts';
import type { LiveChannel } from './live/live-channel.ts';
import { MemoryLiveChannel } from './live/memory-live.ts';
import { MemoryRunQueue } from './queue/memory-run-queue.ts';
import type { RunQueue } from './queue/run-queue.ts';
import { RedisLiveChannel } from './redis/redis-live.ts';
import { RedisRunQueue } from './redis/redis-run-queue.ts';

export interface Bus extends AsyncDisposable {
  readonly kind: 'memory' | 'redis';
  readonly live: LiveChannel;
  readonly queue: RunQueue;
}

export interface BusOptions {
  /** `redis://`, `rediss://` or the path of a Unix socket; absent: everything stays in this process. */
  readonly redisUrl?: string;
  /** Before every key in Redis. Default: `tessera`. */
  readonly prefix?: string;
  readonly limits?: Partial<BusLimits>;
}

/** @throws BusUnavailableError if Redis cannot be reached */
export async function openBus({ redisUrl, prefix, limits = {} }: BusOptions = {}): Promise<Bus> {
  if (redisUrl === undefined) return memoryBus(limits);
  const address = { url: redisUrl, ...(prefix !== undefined && { prefix }) };
  const live = await RedisLiveChannel.open(address, limits);
  try {
    return bus('redis', live, await RedisRunQueue.open(address, live, limits));
  } catch (error) {
    await live[Symbol.asyncDispose]();
    throw error;
  }
}

function memoryBus(limits: Partial<BusLimits>): Bus {
  // Commands and hints live with the process; a run's queue row in the database outlives both.
  const live = new MemoryLiveChannel(busLimitsWith(limits));
  return bus('memory', live, new MemoryRunQueue(live, limits));
}

function bus(kind: Bus['kind'], live: LiveChannel, queue: RunQueue): Bus {
  return {
    kind,
    live,
    queue,
    async [Symbol.asyncDispose]() {
      await queue[Symbol.asyncDispose]();
      await live[Symbol.asyncDispose]();
    },
  };
}
