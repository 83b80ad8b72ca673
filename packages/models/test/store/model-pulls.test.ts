// Downloads and checks in the background, from a hub over real HTTP: progress, queue, cancel, resume, faults, closing.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ModelNotPulledError, UnknownModelError } from '../../src/store/errors.ts';
import { ModelPulls } from '../../src/store/model-pulls.ts';
import { ModelStore } from '../../src/store/model-store.ts';
import type { ModelEntry } from '../../src/store/registry.ts';
import { ModelBusyError, ModelEmbeddedError, ModelHereError, ModelIdleError } from '../../src/store/task-errors.ts';
import { type FakeHub, startFakeHub } from '../support/fake-hub.ts';
import { seeded } from '../support/random.ts';

const random = seeded(11);
const weights = Uint8Array.from({ length: 600_000 }, () => random.int(256));
const config = Buffer.from('{}');
const TOTAL = weights.length + config.length;
const entry = (id: string, more: Partial<ModelEntry> = {}): ModelEntry => ({
  id,
  name: id,
  kind: 'siglip',
  repo: 'someone/model',
  revision: 'main',
  licence: 'MIT',
  bytes: 500_000,
  bytesAreExact: false,
  embedded: false,
  files: [{ path: 'model.safetensors' }, { path: 'config.json' }],
  ...more,
});

let hub: FakeHub;
let directory: string;
let pulls: ModelPulls;
const faults: unknown[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tessera-pulls-'));
  hub = await startFakeHub({
    'model.safetensors': { bytes: weights, large: true },
    'config.json': { bytes: config, large: false },
  });
  pulls = openPulls();
});
afterEach(async () => {
  await pulls[Symbol.asyncDispose]();
  await hub.close();
  rmSync(directory, { recursive: true, force: true });
  expect(faults.splice(0)).toEqual([]);
});

function openPulls(hubUrl = hub.url): ModelPulls {
  const store = new ModelStore({
    directory,
    hubUrl,
    registry: [entry('one'), entry('two'), entry('within', { embedded: true })],
    limits: { retryMs: 5, attempts: 2, spareBytes: 0 },
  });
  return new ModelPulls(store, { onFault: (error) => faults.push(error) });
}

const task = (model: string) => pulls.tasks().find((one) => one.model === model)!;
const partBytes = (model: string) =>
  readdirSync(join(directory, model))
    .filter((name) => name.endsWith('.part'))
    .reduce((sum, name) => sum + statSync(join(directory, model, name)).size, 0);
/** Slow enough to be seen under way: about half a second. */
const slow = () => {
  hub.faults.delayMs = 15;
};
const underWay = (model: string) => vi.waitUntil(() => task(model).received > 0, { timeout: 60_000, interval: 2 });

it('downloads in the background and tells how far it is', async () => {
  slow();
  expect(await pulls.pull('ONE')).toMatchObject({ model: 'one', kind: 'download', state: 'waiting', total: 500_000 });
  await underWay('one');
  const seen = task('one');
  expect(seen).toMatchObject({ state: 'downloading', file: 'model.safetensors', total: TOTAL, failure: null });
  expect(seen.received).toBeLessThan(TOTAL);
  expect(await pulls.settled('one')).toMatchObject({ state: 'done', received: TOTAL, total: TOTAL, file: null });
  expect(readFileSync(join(directory, 'one', 'model.safetensors')).equals(weights)).toBe(true);
});

it('lets downloads wait for one another, and cancels one that waits at once', async () => {
  slow();
  await pulls.pull('one');
  await pulls.pull('two');
  await underWay('one');
  expect(task('two').state).toBe('waiting');
  expect((await pulls.cancel('two')).state).toBe('cancelled');
  expect(task('one').state).toBe('downloading');
  // It may be asked for again while its old place in the line is still to come.
  await pulls.pull('two');
  expect((await pulls.settled('two'))?.state).toBe('done');
  expect(pulls.tasks().map(({ model, state }) => [model, state])).toEqual([
    ['one', 'done'],
    ['two', 'done'],
  ]);
});

it('keeps what came when it is cancelled, and goes on from there', async () => {
  slow();
  await pulls.pull('one');
  await underWay('one');
  expect((await pulls.cancel('one')).state).toBe('cancelled');
  const kept = partBytes('one');
  expect(kept).toBeGreaterThan(0);
  expect(readdirSync(join(directory, 'one'))).not.toContain('.pull.lock');
  hub.faults.delayMs = 0;
  hub.faults.status = 503;
  // A try that gets nowhere does not make people believe that nothing is there.
  await pulls.pull('one');
  const { state, received, total } = (await pulls.settled('one'))!;
  expect([state, received > 0, total]).toEqual(['failed', true, TOTAL]);
  delete hub.faults.status;
  await pulls.pull('one');
  expect((await pulls.settled('one'))?.state).toBe('done');
  expect(hub.requests.some(({ range }) => range?.startsWith(`bytes=${kept}-`))).toBe(true);
});

it('ends everything when it is closed, and leaves what the next process goes on from', async () => {
  slow();
  await pulls.pull('one');
  await pulls.pull('two');
  await underWay('one');
  await pulls[Symbol.asyncDispose]();
  expect([task('one').state, task('two').state]).toEqual(['cancelled', 'cancelled']);
  expect(readdirSync(join(directory, 'one'))).not.toContain('.pull.lock');
  const kept = partBytes('one');
  await pulls.pull('two');
  expect((await pulls.settled('two'))?.state).toBe('cancelled');
  pulls = openPulls();
  hub.faults.delayMs = 0;
  await pulls.pull('one');
  expect((await pulls.settled('one'))?.state).toBe('done');
  expect(hub.requests.some(({ range }) => range?.startsWith(`bytes=${kept}-`))).toBe(true);
});

it('says why a download failed, and the next one may succeed', async () => {
  hub.faults.status = 503;
  await pulls.pull('one');
  expect(await pulls.settled('one')).toMatchObject({
    state: 'failed',
    failure: { code: 'HUB_FAILED', message: expect.stringContaining('503') },
  });
  delete hub.faults.status;
  await pulls.pull('one');
  expect(await pulls.settled('one')).toMatchObject({ state: 'done', failure: null });
  pulls = openPulls('http://127.0.0.1:1');
  await pulls.pull('two');
  expect((await pulls.settled('two'))?.failure?.code).toBe('HUB_OFFLINE');
});

it('tells a broken line from one that never was', async () => {
  hub.faults.cuts = 9;
  hub.faults.cutAfter = 0;
  await pulls.pull('one');
  expect((await pulls.settled('one'))?.failure?.code).toMatch(/^(HUB_OFFLINE|DOWNLOAD_CUT)$/);
  hub.faults.cuts = 0;
  hub.files.get('model.safetensors')!.lie = Uint8Array.from(weights, (byte) => byte ^ 1);
  await pulls.pull('one');
  expect((await pulls.settled('one'))?.failure?.code).toBe('HASH_MISMATCH');
});

it('verifies what is here, tells what it found, and repairs it', async () => {
  await pulls.pull('one');
  await pulls.settled('one');
  expect(await pulls.verify('one')).toMatchObject({ kind: 'verify', state: 'waiting' });
  expect(await pulls.settled('one')).toMatchObject({
    state: 'done',
    received: TOTAL,
    total: TOTAL,
    report: {
      ok: true,
      files: [
        { path: 'model.safetensors', state: 'ok' },
        { path: 'config.json', state: 'ok' },
      ],
    },
  });
  writeFileSync(join(directory, 'one', 'model.safetensors'), weights.subarray(1));
  await pulls.verify('one');
  expect((await pulls.settled('one'))?.report).toMatchObject({ ok: false, files: [{ state: 'changed' }, {}] });
  await pulls.pull('one', { repair: true });
  expect((await pulls.settled('one'))?.state).toBe('done');
  expect(readFileSync(join(directory, 'one', 'model.safetensors')).equals(weights)).toBe(true);
});

it('refuses what makes no sense', async () => {
  await expect(pulls.pull('three')).rejects.toThrow(UnknownModelError);
  await expect(pulls.pull('within')).rejects.toThrow(ModelEmbeddedError);
  await expect(pulls.verify('one')).rejects.toThrow(ModelNotPulledError);
  await expect(pulls.cancel('one')).rejects.toThrow(ModelIdleError);
  slow();
  const both = await Promise.allSettled([pulls.pull('one'), pulls.pull('one')]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(pulls.pull('one')).rejects.toThrow(ModelBusyError);
  await pulls.settled('one');
  await expect(pulls.pull('one')).rejects.toThrow(ModelHereError);
});
