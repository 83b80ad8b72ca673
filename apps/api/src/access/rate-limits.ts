// Requests per user and per address, and sign-ins per address: counted here, or in Redis where several processes serve.
import type { Limits } from '@tessera/protocol';
import { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { RateLimitedError } from './errors.ts';

export interface RateLimits extends AsyncDisposable {
  /** Counts one request or operation. @throws RateLimitedError */
  request(userId: string | null, address: string): Promise<void>;
  /** Counts one attempt to sign in or up. @throws RateLimitedError */
  signIn(address: string): Promise<void>;
}

export interface RateLimitOptions {
  readonly limits: Limits;
  readonly redis?: { readonly url: string; readonly prefix: string };
}

export function makeRateLimits({ limits, redis }: RateLimitOptions): RateLimits {
  // Commands fail at once while Redis is away; nothing waits for it.
  const client = redis && new Redis(redis.url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  client?.on('error', () => undefined);
  const make = (name: string, points: number): RateLimiterAbstract => {
    const options = { points, duration: 60, keyPrefix: `${redis?.prefix ?? 'tessera'}:rate:${name}` };
    if (!client) return new RateLimiterMemory(options);
    // While Redis is away each process counts for itself.
    const insuranceLimiter = new RateLimiterMemory(options);
    return new RateLimiterRedis({ ...options, storeClient: client, insuranceLimiter });
  };
  const users = make('user', limits.requestsPerMinute);
  const addresses = make('address', limits.requestsPerMinutePerAddress);
  const signIns = make('sign-in', limits.signInsPerMinute);
  return {
    async request(userId, address) {
      await Promise.all([userId === null ? undefined : take(users, userId), take(addresses, address)]);
    },
    signIn: (address) => take(signIns, address),
    async [Symbol.asyncDispose]() {
      client?.disconnect();
    },
  };
}

async function take(limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw new RateLimitedError(Math.max(1, Math.ceil(refused.msBeforeNext / 1_000)));
  }
}
