// Calls over Redis: the contract, several processes' worth of buses, what is left behind, and Redis going away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { randomOf, sleep, until } from '@tessera/protocol/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BusLimits, BusUnavailableError, CallTimeoutError, openBus } from '../src/index.ts';
import { callsContract } from './calls-contract.ts';
import { Cutter, freshPrefix, noPrivateRedis, noRedis, RedisServer, sharedRedis } from './redis-server.ts';
import { bytes, text } from './support.ts';

const QUICK: Partial<BusLimits> = { retryMs: 40, commandTimeoutMs: 10_000 };

describe.skipIf(noRedis)('calls over Redis', () => {
  let redis: Awaited<ReturnType<typeof sharedRedis>>;
  let look: Redis;
  beforeAll(async () => {
    redis = await sharedRedis();
    look = new Redis(redis.url);
  });
  afterAll(async () => {
    look.disconnect();
    await redis.close();
  });

  callsContract((limits = {}) => openBus({ redisUrl: redis.url, prefix: freshPrefix(), limits }));

  const keysUnder = (prefix: string) => look.keys(`${prefix}:calls:*`);

  it('C1 many callers and servers in many processes', async () => {
    const prefix = freshPrefix();
    const open = () => openBus({ redisUrl: redis.url, prefix });
    await using one = await open();
    await using two = await open();
    await using three = await open();
    const by = new Map<string, string>();
    for (const [name, { calls }] of Object.entries({ two, three })) {
      calls.serve(
        'echo',
        async (payload) => {
          by.set(text(payload)!, name);
          await sleep(3);
          return bytes(`${text(payload)} by ${name}`);
        },
        { concurrency: 2 },
      );
    }
    const words = Array.from({ length: 80 }, (_, i) => `w${i}`);
    const answers = await Promise.all(words.map((word, i) => (i % 2 ? one : two).calls.call('echo', bytes(word))));
    expect(answers.map(text)).toEqual(words.map((word) => `${word} by ${by.get(word)}`));
    expect(new Set(by.values())).toEqual(new Set(['two', 'three']));
  });

  it('C3 a server that is killed at work: its caller is told in time, the others are answered by the next', async () => {
    const prefix = freshPrefix();
    await using bus = await openBus({ redisUrl: redis.url, prefix });
    const script = fileURLToPath(new URL('silent-server.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, redis.url, prefix], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const doomed = bus.calls.call('echo', bytes('doomed'), { timeoutMs: 3_000 }).catch((error: unknown) => error);
    await once(child.stdout, 'data');
    const left = bus.calls.call('echo', bytes('left'));
    child.kill('SIGKILL');
    await once(child, 'exit');
    bus.calls.serve('echo', async (payload) => payload, { concurrency: 1 });
    expect(text(await left)).toBe('left');
    expect(await doomed).toBeInstanceOf(CallTimeoutError);
  });

  it('C10 leaves nothing behind: not of answered, aborted and timed-out calls, not of a closed server or bus', async () => {
    const prefix = freshPrefix();
    const bus = await openBus({ redisUrl: redis.url, prefix });
    const abort = new AbortController();
    const aborted = bus.calls.call('echo', bytes('x'), { signal: abort.signal }).catch(() => 'aborted');
    await until('the request and the list', async () => (await keysUnder(prefix)).length === 2);
    const late = bus.calls.call('echo', bytes('x'), { timeoutMs: 300 }).catch(() => 'late');
    abort.abort();
    expect(await Promise.all([aborted, late])).toEqual(['aborted', 'late']);
    await until('no request', async () => (await keysUnder(prefix)).length === 0);
    const server = bus.calls.serve('echo', async (payload) => payload, { concurrency: 2 });
    for (let i = 0; i < 20; i += 1) await bus.calls.call('echo', bytes('x'));
    await server.close();
    await bus[Symbol.asyncDispose]();
    expect(await keysUnder(prefix)).toEqual([]);
  });

  it('C10 answers of a process that has vanished expire, and its requests', async () => {
    const prefix = freshPrefix();
    const limits = { callAnswerTtlMs: 2_000 };
    await using bus = await openBus({ redisUrl: redis.url, prefix, limits });
    // As a process would leave them that was killed after sending.
    await look.set(`${prefix}:calls:r:dead.1`, 'x', 'PX', 60_000);
    await look.set(`${prefix}:calls:r:dead.2`, 'x', 'PX', 1_500);
    await look.rpush(`${prefix}:calls:q:echo`, 'dead.1', 'gone.1');
    await look.pexpire(`${prefix}:calls:q:echo`, 60_000);
    const server = bus.calls.serve('echo', async (payload) => payload, { concurrency: 1 });
    await until('the answer', async () => (await keysUnder(prefix)).includes(`${prefix}:calls:a:dead`));
    await server.close();
    await until('nothing', async () => (await keysUnder(prefix)).length === 0);
  });

  it('C7 ids of callers that vanished make room', async () => {
    const prefix = freshPrefix();
    await using bus = await openBus({ redisUrl: redis.url, prefix, limits: { callsWaiting: 2 } });
    await look.rpush(`${prefix}:calls:q:echo`, 'gone.1', 'gone.2');
    const waiting = bus.calls.call('echo', bytes('x'));
    bus.calls.serve('echo', async (payload) => payload, { concurrency: 1 });
    expect(text(await waiting)).toBe('x');
  });

  it('leaves no socket open', async () => {
    const sockets = () => process.getActiveResourcesInfo().filter((name) => /Pipe|TCP/.test(name)).length;
    const before = sockets();
    const bus = await openBus({ redisUrl: redis.url, prefix: freshPrefix() });
    bus.calls.serve('echo', async (payload) => payload, { concurrency: 2 });
    await bus.calls.call('echo', bytes('x'));
    expect(sockets()).toBeGreaterThan(before);
    await bus[Symbol.asyncDispose]();
    await until('all sockets closed', () => sockets() <= before);
  });
});

describe.skipIf(noPrivateRedis)('calls while Redis fails', () => {
  it('C10 a call fails at once while Redis is away, and works again afterwards, with the same server', async () => {
    await using server = await RedisServer.start();
    await using bus = await openBus({ redisUrl: server.socket, limits: QUICK });
    bus.calls.serve('echo', async (payload) => payload, { concurrency: 1 });
    const call = () => bus.calls.call('echo', bytes('x'), { timeoutMs: 20_000 }).then(text);
    expect(await call()).toBe('x');
    await server.kill();
    await until(
      'the loss is seen',
      async () => (await call().catch((error: unknown) => error)) instanceof BusUnavailableError,
    );
    await server.start();
    let answer: string | null = null;
    await until('an answer', async () => {
      answer = await call().catch(() => null);
      return answer !== null;
    });
    expect(answer).toBe('x');
  });

  it('C3 C10 a call that waits while Redis loses everything runs out of time', async () => {
    await using server = await RedisServer.start();
    await using bus = await openBus({ redisUrl: server.socket, limits: QUICK });
    const waiting = bus.calls.call('echo', bytes('x'), { timeoutMs: 2_000 });
    const ended = expect(waiting).rejects.toThrow(CallTimeoutError);
    const look = new Redis(server.socket);
    await until('the request', async () => (await look.keys('*:calls:r:*')).length === 1);
    look.disconnect();
    await server.kill();
    await server.start();
    await ended;
  });

  it('C10 an answer is sent again until Redis is back', async () => {
    await using server = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    await using bus = await openBus({ redisUrl: server.socket, limits: QUICK });
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let taken = false;
    const handler = async (payload: Uint8Array) => {
      taken = true;
      await gate;
      return payload;
    };
    bus.calls.serve('echo', handler, { concurrency: 1 });
    const waiting = bus.calls.call('echo', bytes('x'), { timeoutMs: 20_000 });
    await until('the request', () => taken);
    await server.kill();
    open();
    await sleep(60);
    await server.start();
    expect(text(await waiting)).toBe('x');
  });

  const rounds = Number(process.env.TESSERA_BUS_ROUNDS ?? 3);
  const start = Number(process.env.TESSERA_BUS_SEED ?? 1);
  it(`C1 C3 connections cut at random: every call ends, no answer is another's, none handled twice (${rounds} seeds from ${start})`, async () => {
    await using server = await RedisServer.start();
    for (let seed = start; seed < start + rounds; seed += 1) {
      const next = randomOf(seed);
      await using cutter = await Cutter.open(server);
      const address = { redisUrl: cutter.path, prefix: `seed-${seed}`, limits: QUICK };
      await using caller = await openBus(address);
      await using worker = await openBus(address);
      const handled: string[] = [];
      const handler = async (payload: Uint8Array) => {
        handled.push(text(payload)!);
        await sleep(next() * 5);
        return bytes(`${text(payload)}!`);
      };
      worker.calls.serve('echo', handler, { concurrency: 4 });
      const asked: Promise<string>[] = [];
      for (let i = 0; i < 60; i += 1) {
        const word = `w${i}`;
        const answered = caller.calls.call('echo', bytes(word), { timeoutMs: 1_500 }).then(text, (error: unknown) => {
          if (error instanceof CallTimeoutError || error instanceof BusUnavailableError) return 'failed';
          throw error;
        });
        asked.push(answered.then((answer) => (answer === 'failed' ? answer : `${word} ${answer}`)));
        if (next() < 0.08) cutter.cut();
        await sleep(next() * 12);
      }
      const answers = await Promise.all(asked);
      const wrong = answers.filter((answer, i) => answer !== 'failed' && answer !== `w${i} w${i}!`);
      expect(wrong, `seed ${seed}`).toEqual([]);
      expect(new Set(handled).size, `seed ${seed}`).toBe(handled.length);
      expect(answers.filter((answer) => answer !== 'failed').length, `seed ${seed}`).toBeGreaterThan(5);
      expect(caller.calls.stats().calling, `seed ${seed}`).toBe(0);
    }
  });
});
