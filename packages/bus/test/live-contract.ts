// What every live channel does, whatever carries it.
import { randomOf, sleep, until } from '@tessera/protocol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BusLimits, LiveChannel } from '../src/index.ts';
import { bytes, countListeners, lossless, publishAll, quietFor, take, text } from './support.ts';

export interface LiveFixture {
  open(limits?: Partial<BusLimits>): Promise<LiveChannel>;
  close(): Promise<void>;
}

export function liveContract(fixture: () => LiveFixture): void {
  let live: LiveChannel;
  const extra: LiveChannel[] = [];
  const withLimits = async (limits: Partial<BusLimits>) => {
    const channel = await fixture().open(limits);
    extra.push(channel);
    return channel;
  };

  /** Until `channel` holds this delivery of run:1, whoever else reads it or does not. */
  const arrived = async (channel: LiveChannel, delivery: string) => {
    const watcher = channel.subscribe('run:1');
    while (!(await take(watcher, 1)).includes(delivery));
    await watcher.return();
  };

  beforeEach(async () => {
    live = await fixture().open();
  });
  afterEach(async () => {
    for (const channel of [live, ...extra.splice(0)]) await channel[Symbol.asyncDispose]();
  });

  describe('lossless events', () => {
    it('L1 reach a subscriber in order, bytes untouched', async () => {
      const subscription = live.subscribe('run:1');
      await subscription.ready;
      const data = Uint8Array.from([0, 255, 13, 10, 0xc3, 0x28]);
      await live.publish('run:1', { kind: 'lossless', data, seq: 1 });
      await live.publish('run:1', lossless('b', 2));
      const { value } = await subscription.next();
      expect(value?.type === 'event' && Array.from(value.data)).toEqual(Array.from(data));
      expect(await take(subscription, 1)).toEqual(['2:b']);
    });

    it('L3 are numbered by the channel, rising by one from the clock on', async () => {
      const before = Date.now();
      const first = await live.publish('queue', lossless('a'));
      expect(first).toBeGreaterThanOrEqual(before - 1_000);
      expect(await live.publish('queue', lossless('b'))).toBe(first + 1);
      expect(await take(live.subscribe('queue', { after: 0 }), 2)).toEqual([`${first}:a`, `${first + 1}:b`]);
      expect(await take(live.subscribe('queue', { after: first }), 1)).toEqual([`${first + 1}:b`]);
    });

    it('L2 published again under the same number are ignored', async () => {
      await publishAll(live, 'run:1', 1, 3);
      expect(await live.publish('run:1', lossless('again', 2))).toBe(2);
      await publishAll(live, 'run:1', 3, 4);
      expect(await take(live.subscribe('run:1', { after: 0 }), 4)).toEqual(['1:e1', '2:e2', '3:e3', '4:e4']);
    });

    it('of other topics are not seen', async () => {
      const subscription = live.subscribe('run:1');
      await subscription.ready;
      await live.publish('run:2', lossless('x', 1));
      expect(await quietFor(subscription, 50)).toBe(true);
    });
  });

  describe('replay', () => {
    it('L4 starts after a number and goes on live without a seam', async () => {
      await publishAll(live, 'run:1', 1, 5);
      const subscription = live.subscribe('run:1', { after: 3 });
      expect(await take(subscription, 2)).toEqual(['4:e4', '5:e5']);
      await publishAll(live, 'run:1', 6, 7);
      expect(await take(subscription, 2)).toEqual(['6:e6', '7:e7']);
    });

    it('L4 while events keep coming loses none and repeats none', async () => {
      await publishAll(live, 'run:1', 1, 50);
      const publishing = publishAll(live, 'run:1', 51, 150);
      const subscriptions = Array.from({ length: 5 }, (_, i) => live.subscribe('run:1', { after: i * 10 }));
      const seen = await Promise.all(subscriptions.map((s, i) => take(s, 150 - i * 10)));
      await publishing;
      seen.forEach((events, i) => {
        expect(events).toEqual(Array.from({ length: 150 - i * 10 }, (_, n) => `${i * 10 + n + 1}:e${i * 10 + n + 1}`));
      });
    });

    it('without `after` begins with what comes next', async () => {
      await publishAll(live, 'run:1', 1, 3);
      const subscription = live.subscribe('run:1');
      await subscription.ready;
      await publishAll(live, 'run:1', 4, 4);
      expect(await take(subscription, 1)).toEqual(['4:e4']);
    });

    it('L5 tells of a gap where the publisher left one', async () => {
      await live.publish('run:1', lossless('a', 1));
      await live.publish('run:1', lossless('d', 4));
      expect(await take(live.subscribe('run:1', { after: 0 }), 3)).toEqual(['1:a', 'gap 2-3', '4:d']);
    });

    it('L5 tells of a gap when `after` is older than the window', async () => {
      const narrow = await withLimits({ windowEvents: 10 });
      await publishAll(narrow, 'run:1', 1, 400);
      const [gap, next] = await take(narrow.subscribe('run:1', { after: 5 }), 2);
      // Redis trims whole nodes: the window may be wider, never narrower.
      const last = Number(gap!.match(/^gap 6-(\d+)$/)![1]);
      expect(last).toBeLessThanOrEqual(390);
      expect(next).toBe(`${last + 1}:e${last + 1}`);
    });

    it('L6 of a topic that is not known here is an open gap', async () => {
      const subscription = live.subscribe('run:gone', { after: 57 });
      expect(await take(subscription, 1)).toEqual(['gap 58-']);
      await live.publish('run:gone', lossless('x', 58));
      expect(await take(subscription, 1)).toEqual(['58:x']);
    });
  });

  describe('latest-wins events', () => {
    it('L7 hand a newcomer the newest at once', async () => {
      await live.publish('run:1', { kind: 'latest', data: bytes('f1') });
      await live.publish('run:1', { kind: 'latest', data: bytes('f2') });
      expect(await take(live.subscribe('run:1'), 1)).toEqual(['frame@0:f2']);
    });

    it('L7 skip what a slow subscriber missed, and come after the events published before them', async () => {
      const subscription = live.subscribe('run:1');
      await subscription.ready;
      for (let seq = 1; seq <= 20; seq += 1) {
        await live.publish('run:1', lossless(`e${seq}`, seq));
        await live.publish('run:1', { kind: 'latest', data: bytes(`f${seq}`) });
      }
      await arrived(live, 'frame@20:f20');
      const seen = await take(subscription, 21);
      expect(seen.filter((s) => !s.startsWith('frame'))).toHaveLength(20);
      expect(seen.at(-1)).toBe('frame@20:f20');
    });

    it('reach a reader far behind, too', async () => {
      const channel = await withLimits({ latestPatience: 5 });
      const subscription = channel.subscribe('run:1');
      await subscription.ready;
      await publishAll(channel, 'run:1', 1, 20);
      await channel.publish('run:1', { kind: 'latest', data: bytes('f') });
      await arrived(channel, 'frame@20:f');
      const seen = await take(subscription, 21);
      expect(seen.indexOf('frame@20:f')).toBe(5);
    });

    it('L7 have slots by key, which can be emptied', async () => {
      const subscription = live.subscribe('s', { after: 0 });
      await subscription.ready;
      await live.publish('s', { kind: 'latest', key: 'ann', data: bytes('1') });
      await live.publish('s', { kind: 'latest', key: 'bob', data: bytes('2') });
      expect(await take(subscription, 2)).toEqual(['ann@0:1', 'bob@0:2']);
      await live.publish('s', { kind: 'latest', key: 'ann', data: null });
      expect(await take(subscription, 1)).toEqual(['ann@0:null']);
      expect(await take(live.subscribe('s'), 1)).toEqual(['bob@0:2']);
    });

    it('L8 expire, and say so', async () => {
      const channel = await withLimits({ sweepMs: 20 });
      const subscription = channel.subscribe('s');
      await subscription.ready;
      await channel.publish('s', { kind: 'latest', key: 'ann', data: bytes('1'), ttlMs: 1_000 });
      await channel.publish('s', { kind: 'latest', key: 'bob', data: bytes('2'), ttlMs: 60_000 });
      expect(await take(subscription, 3)).toEqual(['ann@0:1', 'bob@0:2', 'ann@0:null']);
      expect(await take(channel.subscribe('s'), 1)).toEqual(['bob@0:2']);
    });

    it('are bounded in number; the oldest goes', async () => {
      const channel = await withLimits({ latestKeys: 3 });
      for (const key of ['a', 'b', 'c', 'd']) {
        await channel.publish('s', { kind: 'latest', key, data: bytes(key) });
        await sleep(3);
      }
      expect(await take(channel.subscribe('s'), 3)).toEqual(['b@0:b', 'c@0:c', 'd@0:d']);
    });
  });

  describe('a stalled subscriber', () => {
    it('L9 holds no memory beyond the window and is told of the gap', async () => {
      const channel = await withLimits({ windowEvents: 50 });
      const stalled = Array.from({ length: 20 }, () => channel.subscribe('run:1'));
      await Promise.all(stalled.map(({ ready }) => ready));
      const data = new Uint8Array(1_000);
      for (let seq = 1; seq <= 400; seq += 1) {
        await channel.publish('run:1', { kind: 'lossless', data, seq });
        await channel.publish('run:1', { kind: 'latest', data: new Uint8Array(8_000) });
      }
      const reader = channel.subscribe('run:1', { after: 399 });
      await reader.next();
      await until('the window to be full', () => channel.stats().bytes >= 50_000);
      expect(channel.stats().bytes).toBeLessThanOrEqual(50 * 1_000 + 8_000);
      const { value } = await stalled[0]!.next();
      expect(value).toMatchObject({ type: 'gap', from: 1 });
    });

    it('does not hold up the others', async () => {
      live.subscribe('run:1');
      const quick = live.subscribe('run:1', { after: 0 });
      await publishAll(live, 'run:1', 1, 30);
      expect(await take(quick, 30)).toHaveLength(30);
    });
  });

  describe('closing', () => {
    it('L10 settles a waiting next() and frees the subscriber', async () => {
      const subscription = live.subscribe('run:1');
      await subscription.ready;
      const waiting = subscription.next();
      expect(await subscription.return()).toEqual({ done: true, value: undefined });
      expect(await waiting).toEqual({ done: true, value: undefined });
      expect(await subscription.next()).toEqual({ done: true, value: undefined });
      expect(live.stats().subscribers).toBe(0);
    });

    it('L10 by a signal ends the loop and removes the listener', async () => {
      const abort = new AbortController();
      const { signal } = abort;
      const listeners = countListeners(signal);
      const left = live.subscribe('run:1', { signal });
      await left.return();
      expect(listeners()).toBe(0);
      const looped = (async () => {
        for await (const _ of live.subscribe('run:1', { signal })) throw new Error('nothing was published');
      })();
      await sleep(10);
      abort.abort();
      await looped;
      expect(await live.subscribe('run:1', { signal }).next()).toMatchObject({ done: true });
      expect(live.stats().subscribers).toBe(0);
    });

    it('leaves a loop by break', async () => {
      await publishAll(live, 'run:1', 1, 2);
      for await (const _ of live.subscribe('run:1', { after: 0 })) break;
      expect(live.stats().subscribers).toBe(0);
    });

    it('the channel ends every subscription and refuses new ones', async () => {
      const channel = await withLimits({});
      const waiting = channel.subscribe('run:1').next();
      await channel[Symbol.asyncDispose]();
      expect(await waiting).toMatchObject({ done: true });
      expect(() => channel.subscribe('run:1')).toThrow(/closed/);
    });
  });

  it('serves many subscribers that come and go', async () => {
    const next = randomOf(7);
    const done = Array.from({ length: 60 }, async () => {
      await sleep(next() * 100);
      const after = Math.floor(next() * 20);
      const subscription = live.subscribe('run:1', { after });
      const seen: number[] = [];
      for await (const delivery of subscription) {
        if (delivery.type !== 'event') continue;
        seen.push(delivery.seq);
        if (delivery.seq >= 100 || next() < 0.01) break;
      }
      expect(seen).toEqual(seen.map((_, i) => after + 1 + i));
    });
    for (let seq = 1; seq <= 100; seq += 1) {
      await live.publish('run:1', lossless(`e${seq}`, seq));
      if (seq % 5 === 0) await sleep(5);
    }
    await Promise.all(done);
    expect(live.stats().subscribers).toBe(0);
  });

  it.each([
    ['a topic with a space', () => live.publish('a b', lossless('x')), /topic/],
    ['an empty topic', () => live.publish('', lossless('x')), /topic/],
    ['seq 0', () => live.publish('t', lossless('x', 0)), /seq is 0/],
    ['seq NaN', () => live.publish('t', lossless('x', Number.NaN)), /seq is NaN/],
    ['a fraction', () => live.publish('t', lossless('x', 1.5)), /seq is 1.5/],
    ['a key with a line break', () => live.publish('t', { kind: 'latest', key: 'a\n', data: null }), /key/],
    ['a negative ttl', () => live.publish('t', { kind: 'latest', data: null, ttlMs: -1 }), /ttlMs/],
    ['a huge event', () => live.publish('t', { kind: 'lossless', data: new Uint8Array(2 ** 20 + 1) }), /1048577 bytes/],
    ['a negative after', async () => live.subscribe('t', { after: -1 }), /after is -1/],
  ])('refuses %s', async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
    expect(live.stats().subscribers).toBe(0);
  });

  it('keeps the text of what it was given', async () => {
    await live.publish('t', lossless('naïve ☃', 1));
    const { value } = await live.subscribe('t', { after: 0 }).next();
    expect(value?.type === 'event' && text(value.data)).toBe('naïve ☃');
  });
}
