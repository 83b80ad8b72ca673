// The live channel in memory: the contract, and what only it has.
import { sleep } from '@tessera/protocol/testing';
import { describe, expect, it } from 'vitest';
import { decodeOnce } from '../src/index.ts';
import { MemoryLiveChannel } from '../src/live/memory-live.ts';
import { liveContract } from './live-contract.ts';
import { lossless, publishAll, take } from './support.ts';

describe('live channel in memory', () => {
  liveContract(() => ({ open: async (limits) => new MemoryLiveChannel(limits), close: async () => {} }));
});

it('hands the same bytes to every subscriber, so that they are decoded once', async () => {
  await using live = new MemoryLiveChannel();
  let decoded = 0;
  const decode = decodeOnce((data) => {
    decoded += 1;
    return Buffer.from(data).toString('base64');
  });
  await live.publish('run', lossless('frame', 1));
  for (let i = 0; i < 10; i += 1) {
    const { value } = await live.subscribe('run', { after: 0 }).next();
    expect(value?.type === 'event' && decode(value.data)).toBe('ZnJhbWU=');
  }
  expect(decoded).toBe(1);
});

it('forgets topics that nobody watches or feeds', async () => {
  await using live = new MemoryLiveChannel({ topicTtlMs: 40, sweepMs: 10 });
  await publishAll(live, 'run', 1, 3);
  const watched = live.subscribe('other');
  await sleep(100);
  expect(live.stats()).toMatchObject({ topics: 1, bytes: 0 });
  await watched.return();
  await sleep(100);
  expect(live.stats().topics).toBe(0);
});

it('drops windows of unwatched topics, oldest first, beyond totalBytes', async () => {
  await using live = new MemoryLiveChannel({ totalBytes: 10_000, sweepMs: 10 });
  for (let i = 0; i < 30; i += 1) {
    await live.publish(`run:${i}`, { kind: 'lossless', data: new Uint8Array(1_000), seq: 1 });
  }
  await sleep(40);
  expect(live.stats()).toMatchObject({ topics: 10, bytes: 10_000 });
  expect(await take(live.subscribe('run:0', { after: 1 }), 1)).toEqual(['gap 2-']);
  const { value } = await live.subscribe('run:29', { after: 0 }).next();
  expect(value).toMatchObject({ type: 'event', seq: 1 });
});

it('keeps the window within windowBytes', async () => {
  await using live = new MemoryLiveChannel({ windowBytes: 5_000 });
  for (let seq = 1; seq <= 100; seq += 1) {
    await live.publish('run', { kind: 'lossless', data: new Uint8Array(1_000), seq });
  }
  expect(live.stats().bytes).toBe(5_000);
  expect(await take(live.subscribe('run', { after: 0 }), 1)).toEqual(['gap 1-95']);
});
