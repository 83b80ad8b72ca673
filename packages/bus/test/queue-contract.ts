// What every run queue does, whatever carries it.
import { sleep, until } from '@tessera/protocol/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bus, BusLimits } from '../src/index.ts';

/** Opens a bus of its own; `open` with the same `where` reaches the same queue where that is possible. */
export type OpenBus = (limits?: Partial<BusLimits>) => Promise<Bus>;

export function queueContract(open: OpenBus): void {
  const buses: Bus[] = [];
  const started = async (limits: Partial<BusLimits> = {}) => {
    const bus = await open(limits);
    buses.push(bus);
    return bus.queue;
  };
  let queue: Bus['queue'];
  beforeEach(async () => {
    queue = await started();
  });
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus[Symbol.asyncDispose]();
  });

  it('Q1 hands every hint to one handler', async () => {
    const seen: (string | null)[] = [];
    for (let i = 0; i < 30; i += 1) await queue.hint(`run-${i}`);
    for (let c = 0; c < 3; c += 1) queue.consume(async (id) => void seen.push(id), { concurrency: 2 });
    await until('all hints', () => seen.length >= 30);
    await sleep(50);
    expect(new Set(seen).size).toBe(30);
    expect(seen).toHaveLength(30);
  });

  it('wakes a waiting handler, which does not wait for its next poll', async () => {
    const patient = await started({ pollMs: 3_600_000 });
    const seen: (string | null)[] = [];
    patient.consume(async (id) => void seen.push(id), { concurrency: 1 });
    await sleep(100);
    await patient.hint('run-1');
    await until('the hint', () => seen.length === 1);
    expect(seen).toEqual(['run-1']);
  });

  it('Q2 keeps one hint per run while it waits', async () => {
    await queue.hint('run-1');
    await queue.hint('run-1');
    await queue.hint('run-2');
    await queue.hint('run-1');
    const seen: (string | null)[] = [];
    queue.consume(async (id) => void seen.push(id), { concurrency: 1 });
    await until('the hints', () => seen.length >= 2);
    await sleep(50);
    expect(seen).toEqual(['run-1', 'run-2']);
  });

  it('Q2 does not swallow a hint for a run that is being handled', async () => {
    const seen: (string | null)[] = [];
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    queue.consume(
      async (id) => {
        seen.push(id);
        if (seen.length === 1) await gate;
      },
      { concurrency: 1 },
    );
    await queue.hint('run-1');
    await until('the first', () => seen.length === 1);
    await queue.hint('run-1');
    open();
    await until('the second', () => seen.length === 2);
    expect(seen).toEqual(['run-1', 'run-1']);
  });

  it('Q4 never runs more handlers than `concurrency`', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    queue.consume(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await gate;
        running -= 1;
        done += 1;
      },
      { concurrency: 3 },
    );
    for (let i = 0; i < 12; i += 1) await queue.hint(`run-${i}`);
    await until('three at work', () => running === 3);
    await sleep(30);
    open();
    await until('all', () => done === 12);
    expect(most).toBe(3);
  });

  it('Q3 delays hints; a late one does not swallow an early one, nor the early one that', async () => {
    const patient = await started({ pollMs: 3_600_000 });
    const seen: number[] = [];
    patient.consume(async () => void seen.push(Date.now()), { concurrency: 1 });
    const start = Date.now();
    await patient.hint('run-1', { delayMs: 3_600_000 });
    await patient.hint('run-1', { delayMs: 150 });
    await patient.hint('run-1');
    await until('the two that are due', () => seen.length === 2);
    expect(seen[1]! - start).toBeGreaterThanOrEqual(145);
  });

  it('Q5 looks anyway when no hint comes', async () => {
    const polled = await started({ pollMs: 60 });
    const seen: (string | null)[] = [];
    polled.consume(async (id) => void seen.push(id), { concurrency: 1 });
    await until('two polls', () => seen.length >= 2);
    expect(seen.slice(0, 2)).toEqual([null, null]);
  });

  it('Q6 brings back the hint of a handler that failed, and tells of the error', async () => {
    const retrying = await started({ handlerRetryMs: 60 });
    const errors: string[] = [];
    const seen: (string | null)[] = [];
    retrying.consume(
      async (id) => {
        seen.push(id);
        if (seen.length === 1) throw new Error('database away');
      },
      { concurrency: 1, onError: (error, id) => errors.push(`${id}: ${(error as Error).message}`) },
    );
    await retrying.hint('run-1');
    await until('the second try', () => seen.length === 2);
    expect(seen).toEqual(['run-1', 'run-1']);
    expect(errors).toEqual(['run-1: database away']);
  });

  it('Q7 closing aborts the signal, waits for handlers and takes nothing more', async () => {
    const events: string[] = [];
    const consumer = queue.consume(
      async (id, signal) => {
        events.push(`start ${id}`);
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        await sleep(30);
        events.push(`end ${id}`);
      },
      { concurrency: 1 },
    );
    await queue.hint('run-1');
    await queue.hint('run-2');
    await until('the start', () => events.length === 1);
    await consumer.close();
    expect(events).toEqual(['start run-1', 'end run-1']);
    const seen: (string | null)[] = [];
    queue.consume(async (id) => void seen.push(id), { concurrency: 1 });
    await until('the other hint', () => seen.length === 1);
    expect(seen).toEqual(['run-2']);
  });

  it('closes at once where nothing is handled', async () => {
    const patient = await started({ pollMs: 60_000, blockMs: 60_000 });
    const consumer = patient.consume(async () => {}, { concurrency: 4 });
    await sleep(30);
    const start = Date.now();
    await consumer.close();
    // BullMQ blocks for 10 s at most, whatever it is told.
    expect(Date.now() - start).toBeLessThan(8_000);
  });

  describe('commands', () => {
    it('Q8 reach the holder of the run, also those sent before it listened', async () => {
      await queue.signal('run-1', { type: 'pause', runId: 'run-1' });
      await queue.signal('run-2', { type: 'cancel', runId: 'run-2' });
      const commands = queue.signals('run-1');
      expect((await commands.next()).value).toMatchObject({ type: 'command', command: { type: 'pause' } });
      const waiting = commands.next();
      await queue.signal('run-1', { type: 'steer', runId: 'run-1', seq: 3, change: { noise: 0.5 } });
      expect((await waiting).value).toMatchObject({ command: { type: 'steer', seq: 3, change: { noise: 0.5 } } });
      await commands.return?.();
    });

    it('stop with their signal while waiting', async () => {
      const abort = new AbortController();
      const commands = queue.signals('run-1', { signal: abort.signal });
      const waiting = commands.next();
      await sleep(10);
      abort.abort();
      expect(await waiting).toEqual({ done: true, value: undefined });
    });

    it('stop with return() while waiting', async () => {
      const commands = queue.signals('run-1');
      const waiting = commands.next();
      await commands.return?.();
      expect(await waiting).toEqual({ done: true, value: undefined });
    });
  });

  it.each([
    ['an empty run id', () => queue.hint(''), /run id/],
    ['a run id with a colon', () => queue.hint('a:b'), /run id/],
    ['a negative delay', () => queue.hint('a', { delayMs: -1 }), /delayMs is -1/],
    ['no lanes', async () => queue.consume(async () => {}, { concurrency: 0 }), /concurrency is 0/],
    ['commands for a bad id', async () => queue.signals('a b'), /run id/],
  ])('refuses %s', async (_, act, message) => {
    await expect(act()).rejects.toThrow(message);
  });

  it('refuses everything once closed', async () => {
    const bus = await open();
    await bus[Symbol.asyncDispose]();
    await expect(bus.queue.hint('run-1')).rejects.toThrow(/closed/);
    expect(() => bus.queue.consume(async () => {}, { concurrency: 1 })).toThrow(/closed/);
  });
}
