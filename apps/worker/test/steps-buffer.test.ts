// Steps between the engine and the world: stored in batches, told after that, in order, once.
import type { Checkpoint } from '@tessera/engine';
import type { StepRecord } from '@tessera/protocol';
import { expect, it, onTestFinished } from 'vitest';
import type { RecordedStep } from '../src/record.ts';
import { type Batch, StepsBuffer, type StepsBufferOptions } from '../src/steps-buffer.ts';

const step = (n: number, applied: readonly number[] = []): RecordedStep => ({
  record: { step: n } as StepRecord,
  applied,
});
const state = (n: number) => ({ step: n + 1 }) as Checkpoint;
const numbers = (steps: readonly StepRecord[]) => steps.map((record) => record.step);

/** A store whose writes end when the test says so. */
function stand(options: Partial<StepsBufferOptions> = {}) {
  const log: string[] = [];
  const writes: { readonly batch: Batch; done(error?: Error): void }[] = [];
  const errors: unknown[] = [];
  const buffer = new StepsBuffer({
    maxSteps: 4,
    intervalMs: 3_600_000,
    store: (batch) =>
      new Promise((resolve, reject) => {
        writes.push({
          batch,
          done: (error) => {
            log.push(`stored ${numbers(batch.steps)}`);
            if (error) reject(error);
            else resolve();
          },
        });
      }),
    tell: async (steps) => {
      log.push(`told ${numbers(steps)}`);
      return [];
    },
    onError: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(async () => {
    for (const write of writes) write.done();
    await buffer.stop();
  });
  return { buffer, log, writes, errors };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('writes the first step at once, with the state after it, and tells it when it is stored', async () => {
  const { buffer, log, writes } = stand();
  buffer.add(step(0, [7]), state(0));
  expect(writes[0]!.batch).toMatchObject({ checkpoint: { step: 1 }, steered: [{ seq: 7, step: 0 }] });
  await settled();
  expect(log).toEqual([]);
  writes[0]!.done();
  await settled();
  expect(log).toEqual(['stored 0', 'told 0']);
});

it('gathers what comes meanwhile into one batch with the newest state', async () => {
  const { buffer, log, writes } = stand();
  for (const n of [0, 1, 2, 3]) buffer.add(step(n), state(n));
  writes[0]!.done();
  const flushed = buffer.flush();
  await settled();
  expect(numbers(writes[1]!.batch.steps)).toEqual([1, 2, 3]);
  expect(writes[1]!.batch.checkpoint.step).toBe(4);
  writes[1]!.done();
  await flushed;
  expect(log).toEqual(['stored 0', 'told 0', 'stored 1,2,3', 'told 1,2,3']);
});

it('makes computing wait when too much waits', async () => {
  const { buffer, writes } = stand();
  for (const n of [0, 1, 2, 3, 4]) buffer.add(step(n), state(n));
  let free = false;
  const room = buffer.room().then(() => {
    free = true;
  });
  await settled();
  expect(free).toBe(false);
  expect(writes.length).toBe(1);
  writes[0]!.done();
  await room;
  await settled();
  expect(numbers(writes[1]!.batch.steps)).toEqual([1, 2, 3, 4]);
});

it('stores and tells nothing after a write that failed, and lets nobody wait', async () => {
  const { buffer, log, writes, errors } = stand();
  for (const n of [0, 1, 2, 3, 4]) buffer.add(step(n), state(n));
  writes[0]!.done(new Error('fenced'));
  await Promise.all([buffer.room(), buffer.flush()]);
  buffer.add(step(5), state(5));
  await settled();
  expect(errors).toEqual([new Error('fenced')]);
  expect(writes.length).toBe(1);
  expect(log).toEqual(['stored 0']);
});

it('tells again, before later steps, what could not be told', async () => {
  const told: number[][] = [];
  const { buffer, writes } = stand({
    tell: async (steps) => {
      told.push(numbers(steps));
      return told.length === 1 ? steps : [];
    },
  });
  buffer.add(step(0), state(0));
  buffer.add(step(1), state(1));
  const flushed = buffer.flush();
  writes[0]!.done();
  await settled();
  writes[1]!.done();
  await flushed;
  expect(told).toEqual([[0], [0, 1]]);
  buffer.add(step(2), state(2));
  const again = buffer.flush();
  await settled();
  writes[2]!.done();
  await again;
  expect(told).toEqual([[0], [0, 1], [2]]);
});
