// Connections to Redis: one that answers commands or fails soon, one that may block.
import { Redis, type RedisOptions } from 'ioredis';
import { BusUnavailableError } from '../errors.ts';
import type { BusLimits } from '../limits.ts';

export interface RedisAddress {
  /** `redis://`, `rediss://` or the path of a Unix socket. */
  readonly url: string;
  /** Before every key, so that several installations may share a server. Default: `tessera`. */
  readonly prefix?: string;
}

export const DEFAULT_PREFIX = 'tessera';

type Options = Omit<RedisOptions, 'replyMapping'>;

function options(limits: BusLimits, own: Options): Options {
  return {
    // Replies in one shape whatever the server speaks.
    protocol: 2,
    retryStrategy: (times) => Math.min(20 * 2 ** times, limits.retryMs),
    lazyConnect: true,
    disableClientInfo: true,
    ...own,
  };
}

/** Never queues while the server is away: callers learn at once, and memory stays bounded. */
export function commandConnection(url: string, limits: BusLimits): Redis {
  return watched(
    new Redis(
      url,
      options(limits, {
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        autoResendUnfulfilledCommands: false,
        commandTimeout: limits.commandTimeoutMs,
      }),
    ),
  );
}

/** For blocking reads: a socket silent for longer than a read may block is dead. */
export function blockingConnection(url: string, limits: BusLimits): Redis {
  return watched(
    new Redis(
      url,
      options(limits, {
        maxRetriesPerRequest: 0,
        autoResendUnfulfilledCommands: false,
        socketTimeout: limits.blockMs + limits.commandTimeoutMs,
      }),
    ),
  );
}

/** For BullMQ, which insists on waiting for ever and blocks by itself. */
export function queueConnection(url: string, limits: BusLimits): Redis {
  return watched(new Redis(url, options(limits, { maxRetriesPerRequest: null })));
}

/** A lost connection is told to whoever waits for a command; the event as such must not end the process. */
function watched(redis: Redis): Redis {
  redis.on('error', () => {});
  return redis;
}

/** First connection. @throws BusUnavailableError if the server is not there within `commandTimeoutMs` */
export async function connectFirst(redis: Redis, limits: BusLimits): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no connection')), limits.commandTimeoutMs);
  });
  try {
    await Promise.race([redis.connect(), late]);
  } catch (error) {
    redis.disconnect();
    throw new BusUnavailableError('connecting', error);
  } finally {
    clearTimeout(timer);
  }
}
