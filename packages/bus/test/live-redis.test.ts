// The live channel over Redis Streams: the contract, several processes' worth of channels, leaks.
import { sleep } from '@tessera/protocol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BusUnavailableError } from '../src/index.ts';
import { RedisLiveChannel } from '../src/redis/redis-live.ts';
import { liveContract } from './live-contract.ts';
import { freshPrefix, noRedis, sharedRedis } from './redis-server.ts';
import { bytes, lossless, publishAll, take } from './support.ts';

describe.skipIf(noRedis)('live channel over Redis', () => {
  let redis: Awaited<ReturnType<typeof sharedRedis>>;
  beforeAll(async () => {
    redis = await sharedRedis();
  });
  afterAll(() => redis.close());

  liveContract(() => {
    const prefix = freshPrefix();
    return {
      open: (limits) => RedisLiveChannel.open({ url: redis.url, prefix: freshPrefix() + prefix }, limits),
      close: async () => {},
    };
  });

  it('carries events between processes', async () => {
    const prefix = freshPrefix();
    await using worker = await RedisLiveChannel.open({ url: redis.url, prefix });
    await using api = await RedisLiveChannel.open({ url: redis.url, prefix });
    await using other = await RedisLiveChannel.open({ url: redis.url, prefix: freshPrefix() });
    const subscription = api.subscribe('run:1', { after: 0 });
    const stranger = other.subscribe('run:1', { after: 0 });
    await stranger.ready;
    await publishAll(worker, 'run:1', 1, 300);
    expect((await take(subscription, 300)).at(-1)).toBe('300:e300');
    await worker.publish('run:1', { kind: 'latest', data: bytes('f') });
    expect(await take(subscription, 1)).toEqual(['frame@300:f']);
    expect(other.stats().bytes).toBe(0);
  });

  it('numbers without collision when several processes publish', async () => {
    const prefix = freshPrefix();
    await using a = await RedisLiveChannel.open({ url: redis.url, prefix });
    await using b = await RedisLiveChannel.open({ url: redis.url, prefix });
    const subscription = a.subscribe('queue');
    await subscription.ready;
    const numbers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => (i % 2 ? a : b).publish('queue', lossless(`${i}`))),
    );
    const sorted = [...numbers].sort((x, y) => x - y);
    expect(sorted).toEqual(sorted.map((_, i) => sorted[0]! + i));
    const seen = await take(subscription, 100);
    expect(seen.map((s) => Number(s.split(':')[0]))).toEqual(sorted);
  });

  it('uses one reader for all subscribers and forgets topics with their last one', async () => {
    await using live = await RedisLiveChannel.open({ url: redis.url, prefix: freshPrefix() });
    const handles = () => process.getActiveResourcesInfo().filter((name) => /Pipe|TCP/.test(name)).length;
    const first = live.subscribe('run:0');
    await first.ready;
    const before = handles();
    const many = Array.from({ length: 50 }, (_, i) => live.subscribe(`run:${i}`));
    await Promise.all(many.map(({ ready }) => ready));
    expect(handles()).toBe(before);
    await Promise.all([first, ...many].map((subscription) => subscription.return()));
    expect(live.stats()).toEqual({ topics: 0, subscribers: 0, bytes: 0 });
  });

  it('knows the last number of a topic whose events have expired', async () => {
    await using live = await RedisLiveChannel.open({ url: redis.url, prefix: freshPrefix() }, { topicTtlMs: 1_000 });
    await publishAll(live, 'run:1', 1, 9);
    await sleep(1_200);
    const subscription = live.subscribe('run:1', { after: 4 });
    expect(await take(subscription, 1)).toEqual(['gap 5-9']);
    await publishAll(live, 'run:1', 9, 10);
    expect(await take(subscription, 1)).toEqual(['10:e10']);
  });

  it('refuses to open without a server', async () => {
    const opening = RedisLiveChannel.open({ url: '/nonexistent/socket' }, { commandTimeoutMs: 200 });
    await expect(opening).rejects.toThrow(BusUnavailableError);
  });
});
