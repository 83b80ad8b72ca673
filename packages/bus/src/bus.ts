// One bus: the run queue, the live channel and the calls of a process, in memory or over Redis.
import type { Calls } from './calls/calls.ts';
import { MemoryCalls } from './calls/memory-calls.ts';
import { RedisCalls } from './calls/redis-calls.ts';
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
  readonly calls: Calls;
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
  const opened: AsyncDisposable[] = [live];
  try {
    const queue = await RedisRunQueue.open(address, live, limits);
    opened.unshift(queue);
    return bus('redis', live, queue, await RedisCalls.open(address, limits));
  } catch (error) {
    for (const part of opened) await part[Symbol.asyncDispose]();
    throw error;
  }
}

function memoryBus(limits: Partial<BusLimits>): Bus {
  // Commands and hints live with the process; a run's queue row in the database outlives both.
  const live = new MemoryLiveChannel(busLimitsWith(limits));
  return bus('memory', live, new MemoryRunQueue(live, limits), new MemoryCalls(limits));
}

function bus(kind: Bus['kind'], live: LiveChannel, queue: RunQueue, calls: Calls): Bus {
  return {
    kind,
    live,
    queue,
    calls,
    async [Symbol.asyncDispose]() {
      await calls[Symbol.asyncDispose]();
      await queue[Symbol.asyncDispose]();
      await live[Symbol.asyncDispose]();
    },
  };
}
