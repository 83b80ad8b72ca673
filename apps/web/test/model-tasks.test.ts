// Downloads of models as the page tells them: how far, what went wrong, what can be done next.
import { describe, expect, it } from 'vitest';
import type { Model, ModelTask } from '../src/features/models/documents.ts';
import { endedSince, nextStep } from '../src/features/models/task-state.ts';
import { endWords, failureOf, progressWords, shareDone } from '../src/features/models/task-words.ts';

const task = (more: Partial<ModelTask> = {}): ModelTask => ({
  ...{ model: 'vq', kind: 'DOWNLOAD', state: 'DOWNLOADING', file: 'model.safetensors' },
  ...{ received: 500e6, total: 2e9, bytesPerSecond: 12.5e6, failure: null, sound: null, files: [] },
  ...more,
});
const failed = (code: string, message: string, more: Partial<ModelTask> = {}) =>
  task({ state: 'FAILED', failure: { code, message }, ...more });
const model = (installed: boolean, embedded = false) => ({ installed, embedded }) as Model;

describe('progress', () => {
  it.each([
    ['500 MB of 2.0 GB · 13 MB/s · 2 min left', {}],
    ['500 MB of 2.0 GB', { bytesPerSecond: null }],
    ['500 MB of 2.0 GB · nothing comes at the moment, still trying', { bytesPerSecond: 0 }],
    ['500 MB of 2.0 GB · 100 kB/s · 4 h 10 min left', { bytesPerSecond: 1e5 }],
    ['2.0 GB of 2.0 GB · 1.0 MB/s · 1 s left', { received: 2e9 - 1, bytesPerSecond: 1e6 }],
    ['2.0 GB of 2.0 GB', { received: 2e9 }],
    ['Asking the model hub for its files…', { received: 0, bytesPerSecond: null }],
    ['Waiting for the download before it.', { state: 'WAITING', received: 0 }],
    ['Checking what arrived: model.safetensors.', { state: 'VERIFYING' }],
    ['500 MB of 2.0 GB · 13 MB/s · 2 min left', { kind: 'VERIFY', state: 'VERIFYING' }],
  ] as const)('%s', (words, more) => expect(progressWords(task(more))).toBe(words));

  it('is a share of what there is', () => {
    expect(shareDone({ received: 1, total: 4 })).toBe(0.25);
    expect(shareDone({ received: 5, total: 4 })).toBe(1);
    expect(shareDone({ received: 0, total: 0 })).toBe(0);
  });
});

describe('a failure', () => {
  it('says what happened, what to do and what is kept, without advice for the command line', () => {
    const words = failureOf(failed('HUB_OFFLINE', 'hub:80 cannot be reached (ENOTFOUND): check the network and so on'));
    expect(words.title).toBe('The model hub cannot be reached.');
    expect(words.advice).toMatch(/network.*500 MB are kept/);
    expect(words.facts).toBe('hub:80 cannot be reached (ENOTFOUND)');
  });

  it('promises no bytes where none are kept', () => {
    expect(failureOf(failed('HASH_MISMATCH', 'x')).advice).not.toContain('kept');
    expect(failureOf(failed('HUB_OFFLINE', 'x', { received: 0 })).advice).not.toContain('kept');
  });

  it('has words for what nobody foresaw', () => {
    expect(failureOf(failed('NEW_CODE', 'something else'))).toMatchObject({ facts: 'something else' });
  });
});

it('offers the one thing to do next', () => {
  expect(nextStep(model(true, true), undefined)).toBeNull();
  expect(nextStep(model(false), undefined)).toBe('download');
  for (const state of ['WAITING', 'DOWNLOADING', 'VERIFYING'] as const) {
    expect(nextStep(model(false), task({ state }))).toBe('cancel');
  }
  expect(nextStep(model(false), task({ state: 'CANCELLED' }))).toBe('continue');
  expect(nextStep(model(false), task({ state: 'CANCELLED', received: 0 }))).toBe('download');
  expect(nextStep(model(false), failed('HUB_OFFLINE', 'x'))).toBe('retry');
  expect(nextStep(model(false), task({ state: 'DONE' }))).toBe('verify');
  expect(nextStep(model(true), task({ state: 'DONE' }))).toBe('verify');
  expect(nextStep(model(true), task({ kind: 'VERIFY', state: 'DONE', sound: true }))).toBe('verify');
  expect(nextStep(model(true), task({ kind: 'VERIFY', state: 'DONE', sound: false }))).toBe('repair');
  expect(nextStep(model(true), failed('INTERNAL', 'x', { kind: 'VERIFY' }))).toBe('retry-verify');
});

it('tells each end once, and only of what was watched', () => {
  const before = [task(), task({ model: 'old', state: 'DONE' })];
  const now = [
    task({ state: 'CANCELLED' }),
    task({ model: 'old', state: 'DONE' }),
    task({ model: 'new', state: 'DONE' }),
  ];
  expect(endedSince(before, now).map(({ model }) => model)).toEqual(['vq']);
  expect(endedSince(now, now)).toEqual([]);
  const files = [
    { path: 'a', state: 'MISSING' as const },
    { path: 'b', state: 'OK' as const },
  ];
  expect(endWords(task({ kind: 'VERIFY', state: 'DONE', sound: false, files }), 'VQ')).toBe(
    'VQ is damaged: a is missing.',
  );
});
