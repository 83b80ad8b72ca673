// Who serves what: each server says now and then that it lives. Times are those of Redis.
import type { Redis } from 'ioredis';
import type { CallKeys } from './redis-requests.ts';

/** A server says it this often, ms. */
const EVERY_MS = 3_000;
/** And is believed this long, ms: two signs of life may be lost. */
const LIFE_MS = 10_000;

const NOW = `local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)`;
// KEYS: marks. ARGV: server, life.
const MARK = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])`;
// KEYS: marks.
const SERVED = `${NOW}
return redis.call('ZCOUNT', KEYS[1], now, '+inf')`;

export async function isServed(redis: Redis, keys: CallKeys, service: string): Promise<boolean> {
  return Number(await redis.call('EVAL', [SERVED, 1, keys.marks(service)])) > 0;
}

export interface Mark {
  /** Takes it back, at best. */
  end(): Promise<void>;
}

/** Says at once and again that a server lives; what could not be said is said again. */
export function keepMark(redis: Redis, keys: CallKeys, service: string, server: string): Mark {
  let ended = false;
  const key = keys.marks(service);
  const say = async () => {
    await redis.call('EVAL', [MARK, 1, key, server, LIFE_MS]).catch(() => {});
    if (ended) await redis.zrem(key, server).catch(() => {});
  };
  let saying = say();
  const timer = setInterval(() => {
    saying = say();
  }, EVERY_MS).unref();
  return {
    async end() {
      ended = true;
      clearInterval(timer);
      await saying;
      await redis.zrem(key, server).catch(() => {});
    },
  };
}
