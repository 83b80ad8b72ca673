// The run queue on BullMQ: the contract, and several processes' worth of buses.
import { sleep, until } from '@tessera/protocol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBus } from '../src/index.ts';
import { queueContract } from './queue-contract.ts';
import { freshPrefix, noRedis, sharedRedis } from './redis-server.ts';

describe.skipIf(noRedis)('run queue on BullMQ', () => {
  let redis: Awaited<ReturnType<typeof sharedRedis>>;
  beforeAll(async () => {
    redis = await sharedRedis();
  });
  afterAll(() => redis.close());

  queueContract((limits = {}) => openBus({ redisUrl: redis.url, prefix: freshPrefix(), limits }));

  it('shares hints between processes, each handled once', async () => {
    const prefix = freshPrefix();
    const open = () => openBus({ redisUrl: redis.url, prefix });
    await using api = await open();
    await using one = await open();
    await using two = await open();
    const seen: string[] = [];
    for (const { queue } of [one, two]) {
      queue.consume(
        async (id) => {
          if (id) seen.push(id);
          await sleep(2);
        },
        { concurrency: 2 },
      );
    }
    for (let i = 0; i < 100; i += 1) await api.queue.hint(`run-${i}`);
    await until('all hints', () => seen.length >= 100);
    await sleep(50);
    expect(new Set(seen).size).toBe(100);
    expect(seen).toHaveLength(100);
  });

  it('leaves no socket open', async () => {
    const sockets = () => process.getActiveResourcesInfo().filter((name) => /Pipe|TCP/.test(name)).length;
    const before = sockets();
    const bus = await openBus({ redisUrl: redis.url, prefix: freshPrefix() });
    bus.queue.consume(async () => {}, { concurrency: 2 });
    await bus.queue.hint('run-1');
    await sleep(50);
    expect(sockets()).toBeGreaterThan(before);
    await bus[Symbol.asyncDispose]();
    await until('all sockets closed', () => sockets() <= before);
  });
});
