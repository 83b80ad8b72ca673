// What calls do, whatever carries them.
import { sleep, until } from '@tessera/protocol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Bus,
  type BusLimits,
  CallFailedError,
  type CallHandler,
  CallsFullError,
  CallTimeoutError,
  CallTooLargeError,
} from '../src/index.ts';
import { bytes, countListeners, text } from './support.ts';

/** Opens a bus of its own. */
export type OpenBus = (limits?: Partial<BusLimits>) => Promise<Bus>;

const echo: CallHandler = async (payload) => bytes(`${text(payload)}!`);

/** A handler that holds every request until it is let go. */
function held() {
  const seen: string[] = [];
  const signals: AbortSignal[] = [];
  const gates: (() => void)[] = [];
  const handler: CallHandler = async (payload, signal) => {
    seen.push(text(payload)!);
    signals.push(signal);
    await new Promise<void>((resolve) => gates.push(resolve));
    return payload;
  };
  const letGo = () => {
    for (const open of gates.splice(0)) open();
  };
  return { seen, signals, handler, letGo };
}

export function callsContract(open: OpenBus): void {
  const buses: Bus[] = [];
  const started = async (limits: Partial<BusLimits> = {}) => {
    const bus = await open(limits);
    buses.push(bus);
    return bus.calls;
  };
  let calls: Bus['calls'];
  beforeEach(async () => {
    calls = await started();
  });
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus[Symbol.asyncDispose]();
  });
  const call = (word: string, options = {}) => calls.call('echo', bytes(word), options).then(text);

  it('C11 it is known whether anybody serves', async () => {
    expect(await calls.served('echo')).toBe(false);
    const one = calls.serve('echo', echo, { concurrency: 1 });
    const two = calls.serve('echo', echo, { concurrency: 1 });
    expect(await call('here')).toBe('here!');
    await until('it is told', () => calls.served('echo'));
    expect(await calls.served('other')).toBe(false);
    await one.close();
    expect(await calls.served('echo')).toBe(true);
    await two.close();
    expect(await calls.served('echo')).toBe(false);
    await expect(calls.served('no such name!')).rejects.toMatchObject({ name: 'BusNameError' });
  });

  it('C1 every request is handled once, by one of many servers, and every caller gets its own answer', async () => {
    const seen: string[] = [];
    for (let server = 0; server < 3; server += 1) {
      calls.serve(
        'echo',
        async (payload, signal) => {
          seen.push(text(payload)!);
          await sleep(seen.length % 5);
          return echo(payload, signal);
        },
        { concurrency: 2 },
      );
    }
    const words = Array.from({ length: 60 }, (_, i) => `w${i}`);
    expect(await Promise.all(words.map((word) => call(word)))).toEqual(words.map((word) => `${word}!`));
    expect([...seen].sort()).toEqual([...words].sort());
    await until('all at rest', () => calls.stats().calling + calls.stats().handling === 0);
  });

  it('C1 a request waits for a server that comes later; services do not mix', async () => {
    const waiting = call('early');
    calls.serve('other', async () => bytes('wrong'), { concurrency: 1 });
    await sleep(30);
    calls.serve('echo', echo, { concurrency: 1 });
    expect(await waiting).toBe('early!');
  });

  it('bytes arrive as they were sent, also none and many', async () => {
    calls.serve('echo', async (payload) => payload, { concurrency: 1 });
    const many = Uint8Array.from({ length: 1_000_003 }, (_, i) => i * 31);
    for (const payload of [new Uint8Array(), Uint8Array.of(0, 255, 13, 10, 0), many]) {
      const answer = await calls.call('echo', payload);
      expect(Buffer.compare(answer, payload)).toBe(0);
    }
  });

  it('C2 at most `concurrency` handlers; the rest goes to whoever is free', async () => {
    const busy = held();
    calls.serve('echo', busy.handler, { concurrency: 2 });
    const first = [call('a'), call('b')];
    await until('two at work', () => busy.seen.length === 2);
    const third = call('c');
    await sleep(30);
    expect(busy.seen).toHaveLength(2);
    expect(calls.stats()).toEqual({ calling: 3, handling: 2 });
    calls.serve('echo', echo, { concurrency: 1 });
    expect(await third).toBe('c!');
    busy.letGo();
    expect(await Promise.all(first)).toEqual(['a', 'b']);
  });

  it('C2 a server that was full takes what waits', async () => {
    const busy = held();
    calls.serve('echo', busy.handler, { concurrency: 1 });
    const all = ['a', 'b', 'c'].map((word) => call(word));
    for (let done = 1; done <= 3; done += 1) {
      await until(`request ${done}`, () => busy.seen.length === done);
      busy.letGo();
    }
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
  });

  it('C3 nobody serves: the caller is told in time, and the request is never handled', async () => {
    await expect(call('lost', { timeoutMs: 60 })).rejects.toThrow(CallTimeoutError);
    const seen: string[] = [];
    calls.serve(
      'echo',
      async (payload) => {
        seen.push(text(payload)!);
        return payload;
      },
      { concurrency: 1 },
    );
    expect(await call('next')).toBe('next');
    expect(seen).toEqual(['next']);
  });

  it('C3 C4 a slow server: the caller is told, the signal is aborted, the late answer is dropped', async () => {
    const slow = held();
    calls.serve('echo', slow.handler, { concurrency: 1 });
    // Longer and longer, until the server took the request before the caller gave up.
    for (let timeoutMs = 300; slow.seen.length === 0; timeoutMs *= 4) {
      await expect(call('slow', { timeoutMs })).rejects.toMatchObject({ service: 'echo', timeoutMs });
    }
    await until('the signal', () => slow.signals[0]?.aborted === true);
    slow.letGo();
    const next = call('next');
    await until('the next', () => slow.seen.length === 2);
    slow.letGo();
    expect(await next).toBe('next');
  });

  it('C5 a refusal comes back as it was thrown', async () => {
    const errors: unknown[] = [];
    const refuse = async () => {
      throw new CallFailedError('BAD_INPUT', 'tokens are 3; give 32');
    };
    calls.serve('echo', refuse, { concurrency: 1, onError: (error) => errors.push(error) });
    const failure = await call('x').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CallFailedError);
    expect(failure).toMatchObject({ reason: 'BAD_INPUT', message: 'tokens are 3; give 32', code: 'BUS_CALL_FAILED' });
    expect(errors).toEqual([]);
  });

  it('C5 anything else tells the caller nothing and the server everything; it goes on', async () => {
    const errors: unknown[] = [];
    const handler: CallHandler = async (payload) => {
      if (text(payload) === 'bad') throw new TypeError('secret path');
      return payload;
    };
    calls.serve('echo', handler, { concurrency: 1, onError: (error) => errors.push(error) });
    const failure = await call('bad').catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: 'INTERNAL' });
    expect(String(failure)).not.toContain('secret');
    expect(errors.map(String)).toEqual(['TypeError: secret path']);
    expect(await call('good')).toBe('good');
  });

  it('C6 sizes are bounded both ways', async () => {
    const small = await started({ callBytes: 1000 });
    small.serve('double', async (payload) => new Uint8Array(payload.length * 2), { concurrency: 1 });
    expect(await small.call('double', new Uint8Array(500))).toHaveLength(1000);
    await expect(small.call('double', new Uint8Array(1001))).rejects.toThrow(CallTooLargeError);
    await expect(small.call('double', new Uint8Array(501))).rejects.toMatchObject({ reason: 'TOO_LARGE' });
  });

  it('C7 only so many wait; those who gave up do not count', async () => {
    const few = await started({ callsWaiting: 3 });
    const ask = (signal?: AbortSignal) =>
      few.call('echo', bytes('x'), { timeoutMs: 60_000, ...(signal && { signal }) });
    const abort = new AbortController();
    const short = [ask(abort.signal), ask(abort.signal)].map((asked) => asked.catch((error: unknown) => error));
    const long = ask();
    await expect(ask()).rejects.toThrow(CallsFullError);
    abort.abort('gave up');
    expect(await Promise.all(short)).toEqual(['gave up', 'gave up']);
    const second = ask();
    few.serve('echo', echo, { concurrency: 1 });
    expect((await Promise.all([long, second])).map(text)).toEqual(['x!', 'x!']);
  });

  it('C8 an aborted caller is told at once, and its request is taken back', async () => {
    const abort = new AbortController();
    const waiting = call('gone', { signal: abort.signal });
    await sleep(30);
    abort.abort(new Error('tab closed'));
    await expect(waiting).rejects.toThrow('tab closed');
    await expect(call('never', { signal: abort.signal })).rejects.toThrow('tab closed');
    const kept = held();
    calls.serve('echo', kept.handler, { concurrency: 4 });
    const next = call('next');
    await until('the next', () => kept.seen.length > 0);
    expect(kept.seen).toEqual(['next']);
    kept.letGo();
    expect(await next).toBe('next');
    await until('all at rest', () => calls.stats().calling + calls.stats().handling === 0);
  });

  it('C8 listeners of a long-lived signal are freed', async () => {
    const { signal } = new AbortController();
    const listeners = countListeners(signal);
    calls.serve('echo', echo, { concurrency: 2 });
    await Promise.all(Array.from({ length: 9 }, () => call('x', { signal })));
    expect(listeners()).toBe(0);
  });

  it('C9 closing answers what was taken and leaves the rest to others', async () => {
    const busy = held();
    const server = calls.serve('echo', busy.handler, { concurrency: 1 });
    const taken = call('taken');
    await until('the request', () => busy.seen.length === 1);
    const left = call('left');
    let closed = false;
    const closing = server.close().then(() => {
      closed = true;
    });
    await sleep(30);
    expect(closed).toBe(false);
    busy.letGo();
    await closing;
    expect(await taken).toBe('taken');
    expect(busy.seen).toEqual(['taken']);
    calls.serve('echo', echo, { concurrency: 1 });
    expect(await left).toBe('left!');
  });

  it('C9 servers come and go while requests flow: none is lost', async () => {
    let current = calls.serve('echo', echo, { concurrency: 3 });
    const all = Array.from({ length: 40 }, async (_, i) => {
      await sleep(i * 4);
      return call(`w${i}`);
    });
    for (let change = 0; change < 8; change += 1) {
      await sleep(15);
      const old = current;
      current = calls.serve('echo', echo, { concurrency: 3 });
      await old.close();
    }
    expect(await Promise.all(all)).toEqual(all.map((_, i) => `w${i}!`));
  });

  it('closes at once where nothing is handled', async () => {
    const patient = await started({ blockMs: 60_000 });
    const server = patient.serve('echo', echo, { concurrency: 4 });
    await sleep(30);
    const start = Date.now();
    await server.close();
    expect(Date.now() - start).toBeLessThan(30_000);
  });

  it.each([
    ['an empty service', () => calls.call('', bytes('x')), /service is ""/],
    ['a service with a colon', () => calls.call('a:b', bytes('x')), /service is "a:b"/],
    ['no time', () => calls.call('a', bytes('x'), { timeoutMs: 0 }), /timeoutMs is 0/],
    ['no lanes', async () => calls.serve('a', echo, { concurrency: 0 }), /concurrency is 0/],
    ['serving a bad name', async () => calls.serve('a b', echo, { concurrency: 1 }), /service is "a b"/],
  ])('refuses %s', async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
  });

  describe('closing the bus', () => {
    it('ends waiting calls and refuses new ones', async () => {
      const bus = await open();
      const waiting = bus.calls.call('nobody', bytes('x'));
      const ended = expect(waiting).rejects.toThrow(/closed/);
      await sleep(20);
      await bus[Symbol.asyncDispose]();
      await ended;
      await expect(bus.calls.call('nobody', bytes('x'))).rejects.toThrow(/closed/);
      expect(() => bus.calls.serve('nobody', echo, { concurrency: 1 })).toThrow(/closed/);
    });
  });
}
