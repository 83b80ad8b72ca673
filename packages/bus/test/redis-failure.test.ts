// Redis killed, restarted, rolled back and cut off in mid-stream: subscribers recover and are told the truth.
import { execFileSync } from 'node:child_process';
import { randomOf, sleep, until } from '@tessera/protocol/testing';
import { describe, expect, it } from 'vitest';
import { type BusLimits, BusUnavailableError, openBus } from '../src/index.ts';
import { RedisLiveChannel } from '../src/redis/redis-live.ts';
import { Cutter, noPrivateRedis, RedisServer } from './redis-server.ts';
import { bytes, lossless, publishAll, take } from './support.ts';

const QUICK: Partial<BusLimits> = { retryMs: 40, commandTimeoutMs: 10_000 };

/** Publishes like a worker: again with the same number until it is taken. */
async function persistently(live: RedisLiveChannel, topic: string, seq: number): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    try {
      await live.publish(topic, lossless(`e${seq}`, seq));
      return;
    } catch (error) {
      if (!(error instanceof BusUnavailableError)) throw error;
      await sleep(10);
    }
  }
  throw new Error(`event ${seq} was not taken`);
}

describe.skipIf(noPrivateRedis)('Redis fails', () => {
  it('L6 R4 killed with everything lost: an open gap, then the stream goes on', async () => {
    await using server = await RedisServer.start();
    await using live = await RedisLiveChannel.open({ url: server.socket }, QUICK);
    const subscription = live.subscribe('run', { after: 0 });
    await publishAll(live, 'run', 1, 5);
    expect((await take(subscription, 5)).at(-1)).toBe('5:e5');
    await server.kill();
    await expect(live.publish('run', lossless('e6', 6))).rejects.toThrow(BusUnavailableError);
    await server.start();
    await persistently(live, 'run', 8);
    expect(await take(subscription, 3)).toEqual(['gap 6-', 'gap 6-7', '8:e8']);
  });

  it('L6 R4 killed and restarted from its append-only file: nothing is lost, the restart is told', async () => {
    await using server = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    await using live = await RedisLiveChannel.open({ url: server.socket }, QUICK);
    const subscription = live.subscribe('run', { after: 0 });
    await publishAll(live, 'run', 1, 5);
    await live.publish('run', { kind: 'latest', data: bytes('f') });
    expect((await take(subscription, 6)).at(-1)).toBe('frame@5:f');
    await server.kill();
    await server.start();
    await persistently(live, 'run', 6);
    // The restart is told before event 6 or after it, once; the frame does not come again.
    expect((await take(subscription, 2)).sort()).toEqual(['6:e6', expect.stringMatching(/^gap [67]-$/)]);
    expect(await take(live.subscribe('run', { after: 2 }), 5)).toEqual(['3:e3', '4:e4', '5:e5', 'frame@5:f', '6:e6']);
  });

  it('R3 rolled back to an older state: the channel does not use a number twice', async () => {
    await using server = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    await using live = await RedisLiveChannel.open({ url: server.socket }, QUICK);
    const subscription = live.subscribe('queue', { after: 0 });
    const first = await live.publish('queue', lossless('a'));
    execFileSync('cp', ['-r', `${server.folder}/appendonlydir`, `${server.folder}/backup`]);
    await live.publish('queue', lossless('b'));
    expect(await take(subscription, 2)).toEqual([`${first}:a`, `${first + 1}:b`]);
    await server.kill();
    execFileSync('rm', ['-rf', `${server.folder}/appendonlydir`]);
    execFileSync('mv', [`${server.folder}/backup`, `${server.folder}/appendonlydir`]);
    await server.start();
    let third: number | undefined;
    while (third === undefined) {
      await sleep(10);
      third = await live.publish('queue', lossless('c')).catch(() => undefined);
    }
    expect(third).toBeGreaterThan(first + 1);
    const seen = await take(subscription, 2);
    expect(seen[0]).toBe(`gap ${first + 2}-`);
    expect(seen[1]).toMatch(/^gap/);
    expect(await take(subscription, 1)).toEqual([`${third}:c`]);
  });

  it('R5 a subscription made while Redis is away begins when it is back', async () => {
    await using server = await RedisServer.start();
    await using live = await RedisLiveChannel.open({ url: server.socket }, QUICK);
    await server.kill();
    const subscription = live.subscribe('run', { after: 0 });
    await sleep(50);
    await server.start();
    await persistently(live, 'run', 1);
    expect(await take(subscription, 1)).toEqual(['1:e1']);
  });

  it('Q5 the queue takes hints again after a restart, and polls in between', async () => {
    await using server = await RedisServer.start();
    await using bus = await openBus({ redisUrl: server.socket, limits: { ...QUICK, pollMs: 100 } });
    const seen: (string | null)[] = [];
    bus.queue.consume(async (id) => void seen.push(id), { concurrency: 1 });
    await bus.queue.hint('run-1');
    await until('the first', () => seen.includes('run-1'));
    await server.kill();
    await expect(bus.queue.hint('run-2')).rejects.toThrow(BusUnavailableError);
    seen.length = 0;
    await until('polls without Redis', () => seen.length >= 2);
    await server.start();
    while (
      !(await bus.queue.hint('run-3').then(
        () => true,
        () => false,
      ))
    )
      await sleep(10);
    await until('the hint after the restart', () => seen.includes('run-3'));
  });

  const rounds = Number(process.env.TESSERA_BUS_ROUNDS ?? 4);
  const start = Number(process.env.TESSERA_BUS_SEED ?? 1);
  it(`R4 connections cut at random: no event lost, none twice, no gap (${rounds} seeds from ${start})`, async () => {
    await using server = await RedisServer.start();
    for (let seed = start; seed < start + rounds; seed += 1) {
      const next = randomOf(seed);
      await using cutter = await Cutter.open(server);
      const address = { url: cutter.path, prefix: `seed-${seed}` };
      await using live = await RedisLiveChannel.open(address, QUICK);
      await using worker = await RedisLiveChannel.open({ ...address, url: server.socket }, QUICK);
      const total = 80;
      const readers = Array.from({ length: 4 }, async (_, reader) => {
        const after = Math.floor(next() * 15);
        const seen: number[] = [];
        for await (const delivery of live.subscribe('run', { after })) {
          if (delivery.type === 'gap')
            throw new Error(`seed ${seed}: reader ${reader} was told of a gap ${JSON.stringify(delivery)}`);
          if (delivery.type === 'event') seen.push(delivery.seq);
          if (delivery.type === 'event' && delivery.seq === total) break;
        }
        expect(seen, `seed ${seed}, reader ${reader}`).toEqual(
          Array.from({ length: total - after }, (_, i) => after + 1 + i),
        );
      });
      await publishAll(worker, 'run', 1, 20);
      for (let seq = 21; seq <= total; seq += 1) {
        await persistently(next() < 0.5 ? worker : live, 'run', seq);
        if (next() < 0.08) cutter.cut();
        if (next() < 0.2) await sleep(next() * 15);
      }
      await Promise.all(readers);
      expect(live.stats().subscribers).toBe(0);
    }
  });
});
