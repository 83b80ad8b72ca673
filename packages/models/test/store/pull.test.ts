// Pulling models from a hub over real HTTP: resume, hashes, faults, concurrent pulls, the lock file.
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DiskFullError,
  DownloadCutError,
  HashMismatchError,
  HubError,
  ModelAccessError,
  ModelConfigError,
  ModelNotPulledError,
  OfflineError,
  RemoteMissingError,
  StoreFolderError,
  UnknownModelError,
} from '../../src/store/errors.ts';
import { ModelStore } from '../../src/store/model-store.ts';
import type { PullProgress } from '../../src/store/pull.ts';
import type { ModelEntry } from '../../src/store/registry.ts';
import { type FakeHub, sha256, startFakeHub } from '../support/fake-hub.ts';
import { seeded } from '../support/random.ts';

const random = seeded(7);
const weights = Uint8Array.from({ length: 1_500_000 }, () => random.int(256));
const config = Buffer.from('{"model_type":"siglip"}');
const entry: ModelEntry = {
  id: 'thing',
  name: 'A Thing',
  kind: 'siglip',
  repo: 'someone/model',
  revision: 'main',
  licence: 'MIT',
  bytes: 1_500_023,
  bytesAreExact: true,
  embedded: false,
  files: [{ path: 'model.safetensors' }, { path: 'config.json' }, { path: 'extra/notes.json', optional: true }],
};
const quick = { retryMs: 5, attempts: 3, spareBytes: 0, stallMs: 20_000 };

let hub: FakeHub;
let directory: string;
const store = (o: { entry?: Partial<ModelEntry>; limits?: object; hubUrl?: string; accessToken?: string } = {}) =>
  new ModelStore({
    directory,
    hubUrl: o.hubUrl ?? hub.url,
    registry: [{ ...entry, ...o.entry }],
    limits: { ...quick, ...o.limits },
    ...(o.accessToken ? { accessToken: o.accessToken } : {}),
  });
const folder = () => join(directory, 'thing');
const names = () => readdirSync(folder()).sort();
const lock = () => JSON.parse(readFileSync(join(folder(), 'tessera.lock.json'), 'utf8'));

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tessera-store-'));
  hub = await startFakeHub({
    'model.safetensors': { bytes: weights, large: true },
    'config.json': { bytes: config, large: false },
  });
});
afterEach(async () => {
  await hub.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('a pull', () => {
  it('brings every file, records commit and hashes, and leaves nothing else', async () => {
    const progress: PullProgress[] = [];
    expect(await store().pull('thing', { onProgress: (p) => progress.push(p) })).toBe(folder());
    expect(names()).toEqual(['config.json', 'model.safetensors', 'tessera.lock.json']);
    expect(readFileSync(join(folder(), 'model.safetensors')).equals(weights)).toBe(true);
    expect(lock()).toEqual({
      version: 1,
      id: 'thing',
      repo: 'someone/model',
      commit: hub.commit,
      files: {
        'model.safetensors': { bytes: weights.length, sha256: sha256(weights), vouched: 'hub' },
        'config.json': { bytes: config.length, sha256: sha256(config), vouched: 'first-pull' },
      },
    });
    const received = progress.map((p) => p.received);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(progress.at(-1)).toEqual({
      file: 'config.json',
      received: weights.length + config.length,
      total: weights.length + config.length,
    });
  });

  it('asks no network when everything is here', async () => {
    await store().pull('thing');
    const asked = hub.requests.length;
    await store().pull('THING');
    expect(hub.requests.length).toBe(asked);
    expect(await store({ hubUrl: 'http://127.0.0.1:1' }).pull('thing')).toBe(folder());
    expect(await store().path('thing')).toBe(folder());
  });

  it('sends an access token', async () => {
    await store({ accessToken: 'hf_secret' }).pull('thing');
    expect(hub.requests[0]?.authorization).toBe('Bearer hf_secret');
  });

  it("writes the registry's config when the repository has none", async () => {
    hub.files.delete('config.json');
    await store({ entry: { files: [{ path: 'model.safetensors' }], config: { made: 'here' } } }).pull('thing');
    expect(JSON.parse(readFileSync(join(folder(), 'config.json'), 'utf8'))).toEqual({ made: 'here' });
  });

  it('uses a pinned commit without asking for a branch', async () => {
    await store({ entry: { revision: hub.commit } }).pull('thing');
    expect(hub.requests.some((r) => r.path.includes('/revision/'))).toBe(false);
  });
});

describe('broken connections', () => {
  it('continues after cuts within one pull, byte for byte', async () => {
    Object.assign(hub.faults, { cuts: 4, cutAfter: 300_000 });
    await store().pull('thing');
    expect(readFileSync(join(folder(), 'model.safetensors')).equals(weights)).toBe(true);
    const starts = hub.requests
      .filter((r) => r.path === '/cdn/model.safetensors')
      .map((r) => Number(/\d+/.exec(r.range ?? '0')?.[0]));
    expect(starts.length).toBe(5);
    expect(starts.slice(1).every((s, i) => s > (starts[i] ?? 0))).toBe(true);
  });

  it('gives up after cuts without progress, keeps the part, continues at the next pull', async () => {
    Object.assign(hub.faults, { cuts: 1, cutAfter: 500_000 });
    hub.faults.silences = 0;
    const first = store({ limits: { attempts: 1 } }).pull('thing');
    await expect(first).rejects.toThrow(DownloadCutError);
    await expect(first).rejects.toThrow(
      /model.safetensors: the connection broke 1 times, \d+ of 1500000 bytes are kept: run it again/,
    );
    const part = names().find((n) => n.endsWith('.part'));
    expect(part).toContain(sha256(weights).slice(0, 16));
    expect((await store().list())[0]?.state).toBe('partial');
    await expect(store().path('thing')).rejects.toThrow(ModelNotPulledError);
    hub.requests.length = 0;
    await store().pull('thing');
    expect(
      Number(/\d+/.exec(hub.requests.find((r) => r.path === '/cdn/model.safetensors')?.range ?? '0')?.[0]),
    ).toBeGreaterThan(300_000);
    expect(names()).toEqual(['config.json', 'model.safetensors', 'tessera.lock.json']);
    expect(readFileSync(join(folder(), 'model.safetensors')).equals(weights)).toBe(true);
  });

  it('treats silence as a cut', async () => {
    hub.faults.silences = 2;
    await store({ limits: { stallMs: 1_500 } }).pull('thing');
    expect(hub.requests.filter((r) => r.path === '/cdn/model.safetensors').length).toBe(3);
  });

  it.each(['ignored', 'refused'] as const)('starts over when ranges are %s', async (ranges) => {
    Object.assign(hub.faults, { cuts: 1, cutAfter: 500_000, ranges });
    await store().pull('thing');
    expect(readFileSync(join(folder(), 'model.safetensors')).equals(weights)).toBe(true);
  });

  it('gives up on a line that always breaks and cannot continue', async () => {
    Object.assign(hub.faults, { cuts: 1_000, cutAfter: 500_000, ranges: 'refused' });
    await expect(store().pull('thing')).rejects.toThrow(DownloadCutError);
  });

  it('stops at once when aborted, and continues later', async () => {
    hub.faults.delayMs = 20;
    const abort = new AbortController();
    const pull = store().pull('thing', {
      signal: abort.signal,
      onProgress: ({ received }) => void (received > 100_000 && abort.abort()),
    });
    await expect(pull).rejects.toThrow(/abort/i);
    const part = names().find((n) => n.endsWith('.part'))!;
    expect(statSync(join(folder(), part)).size).toBeLessThan(weights.length);
    expect(existsSync(join(folder(), '.pull.lock'))).toBe(false);
    hub.faults.delayMs = 0;
    await store().pull('thing');
    expect(readFileSync(join(folder(), 'model.safetensors')).equals(weights)).toBe(true);
  });

  it('does not continue a part of another version', async () => {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), '.model.safetensors.ffffffffffffffff.part'), 'other bytes');
    await store().pull('thing');
    expect(readFileSync(join(folder(), 'model.safetensors')).equals(weights)).toBe(true);
  });

  it('starts over when the part is longer than the file', async () => {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(
      join(folder(), `.model.safetensors.${sha256(weights).slice(0, 16)}.part`),
      new Uint8Array(weights.length + 1),
    );
    await store().pull('thing');
    expect(readFileSync(join(folder(), 'model.safetensors')).equals(weights)).toBe(true);
  });
});

describe('hashes', () => {
  it('keeps nothing of a file with the wrong hash', async () => {
    const file = hub.files.get('model.safetensors');
    if (file) file.lie = weights.map((b, i) => (i === 700_000 ? b ^ 1 : b));
    const pull = store().pull('thing');
    await expect(pull).rejects.toThrow(HashMismatchError);
    await expect(pull).rejects.toThrow(/model.safetensors: its hash .* nothing was kept/);
    expect(names()).toEqual([]);
  });

  it('checks small files by their Git id', async () => {
    const file = hub.files.get('config.json');
    if (file) file.lie = Buffer.from('{"model_type":"siglop"}');
    await expect(store().pull('thing')).rejects.toThrow(/config.json: its hash .*Git id of the hub/);
    expect(names()).toEqual(['model.safetensors']);
  });

  it('finds out a corrupted part', async () => {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), `.model.safetensors.${sha256(weights).slice(0, 16)}.part`), new Uint8Array(1_000));
    await expect(store().pull('thing')).rejects.toThrow(HashMismatchError);
    await store().pull('thing');
    expect(readFileSync(join(folder(), 'model.safetensors')).equals(weights)).toBe(true);
  });

  it('refuses a file that differs from the registry before downloading it', async () => {
    const files = [{ path: 'model.safetensors', sha256: 'a'.repeat(64) }];
    await expect(store({ entry: { files } }).pull('thing')).rejects.toThrow(/pinned in the registry/);
    expect(hub.requests.some((r) => r.path.includes('/cdn/'))).toBe(false);
  });

  it('holds to the first pull when the hub changes', async () => {
    await store().pull('thing');
    rmSync(join(folder(), 'model.safetensors'));
    hub.files.set('model.safetensors', { bytes: weights.map((b) => b ^ 1), large: true });
    await expect(store().pull('thing')).rejects.toThrow(/recorded at the first pull/);
  });

  it('verifies, names changed and missing files, and repairs them', async () => {
    await store().pull('thing');
    expect(await store().verify('thing')).toMatchObject({ ok: true, files: [{ state: 'ok' }, { state: 'ok' }] });
    writeFileSync(
      join(folder(), 'model.safetensors'),
      weights.map((b, i) => (i === 5 ? b ^ 1 : b)),
    );
    rmSync(join(folder(), 'config.json'));
    const report = await store().verify('thing');
    expect(report.ok).toBe(false);
    expect(report.files.map((f) => [f.path, f.state])).toEqual([
      ['model.safetensors', 'changed'],
      ['config.json', 'missing'],
    ]);
    await store().pull('thing');
    expect((await store().verify('thing')).ok).toBe(true);
    expect(lock().files['config.json'].vouched).toBe('first-pull');
  });

  it('replaces a changed file when asked to repair', async () => {
    await store().pull('thing');
    writeFileSync(join(folder(), 'model.safetensors'), new Uint8Array(weights.length));
    await store().pull('thing');
    expect((await store().verify('thing')).ok).toBe(false);
    await store().pull('thing', { repair: true });
    expect((await store().verify('thing')).ok).toBe(true);
  });

  it('does not call files without a known hash verified', async () => {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), 'model.safetensors'), weights);
    writeFileSync(join(folder(), 'config.json'), config);
    expect(await store().verify('thing')).toMatchObject({
      ok: false,
      files: [{ state: 'unknown' }, { state: 'unknown' }],
    });
  });

  it('says when the lock file is damaged', async () => {
    await store().pull('thing');
    writeFileSync(join(folder(), 'tessera.lock.json'), '{"version":1');
    await expect(store().pull('thing')).rejects.toThrow(ModelConfigError);
    await expect(store().pull('thing')).rejects.toThrow(/damaged: delete it and pull the model again/);
  });
});

describe('refusals', () => {
  it.each([
    [401, ModelAccessError, /gated, private or gone; .*HF_TOKEN/],
    [403, ModelAccessError, /403/],
    [404, RemoteMissingError, /has no model repository someone\/model at main \(404\)/],
    [500, HubError, /answers 500/],
    [429, HubError, /answers 429/],
  ])('status %i', async (status, kind, pattern) => {
    hub.faults.status = status;
    const pull = store().pull('thing');
    await expect(pull).rejects.toThrow(kind);
    await expect(pull).rejects.toThrow(pattern);
    await expect(pull).rejects.toThrow(/^[^\n]+$/);
  });

  it('a file the repository lacks', async () => {
    hub.files.delete('model.safetensors');
    await expect(store().pull('thing')).rejects.toThrow(/no file model.safetensors in someone\/model/);
  });

  it('no network', async () => {
    const pull = store({ hubUrl: 'http://127.0.0.1:1' }).pull('thing');
    await expect(pull).rejects.toThrow(OfflineError);
    await expect(pull).rejects.toThrow(/127.0.0.1:1 cannot be reached \(.*\): check the network/);
  });

  it('the hub vanishes during the download', async () => {
    hub.faults.delayMs = 5;
    const url = hub.url;
    const pull = store({ hubUrl: url }).pull('thing', {
      onProgress: ({ received }) => void (received > 50_000 && hub.close()),
    });
    await expect(pull).rejects.toThrow(DownloadCutError);
  });

  it('an unknown model', async () => {
    await expect(store().pull('thign')).rejects.toThrow(UnknownModelError);
    await expect(store().pull('thign')).rejects.toThrow(/nearest models are thing/);
  });

  it('a model too large for the disk, before downloading', async () => {
    await expect(store({ limits: { spareBytes: 1e18 } }).pull('thing')).rejects.toThrow(DiskFullError);
    expect(hub.requests.some((r) => r.path.includes('/cdn/'))).toBe(false);
  });

  it('a store that cannot be written', async () => {
    writeFileSync(folder(), 'a file where the folder should be');
    await expect(store().pull('thing')).rejects.toThrow(StoreFolderError);
    await expect(store().pull('thing')).rejects.toThrow(/set TESSERA_MODELS to a folder that can/);
  });

  it.runIf(process.platform === 'linux')('a disk that fills up during the download', async () => {
    mkdirSync(folder(), { recursive: true });
    symlinkSync('/dev/full', join(folder(), `.model.safetensors.${sha256(weights).slice(0, 16)}.part`));
    const pull = store().pull('thing');
    await expect(pull).rejects.toThrow(DiskFullError);
    await expect(pull).rejects.toThrow(/the disk is full, 2 MB more are needed: free some or set TESSERA_MODELS/);
  });
});

describe('two pulls of one model', () => {
  it('in one process: one downloads, the other waits and finds everything', async () => {
    hub.faults.delayMs = 1;
    await Promise.all([store().pull('thing'), store().pull('thing'), store().pull('thing')]);
    expect(hub.requests.filter((r) => r.path === '/cdn/model.safetensors').length).toBe(1);
    expect((await store().verify('thing')).ok).toBe(true);
  });

  it('in two processes', async () => {
    hub.faults.delayMs = 3;
    const script = `import { ModelStore } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/model-store.ts'))};
      const store = new ModelStore(JSON.parse(process.argv[1]));
      store.pull('thing').then((folder) => console.log(folder), (error) => { console.error(error); process.exitCode = 1; });`;
    const options = JSON.stringify({ directory, hubUrl: hub.url, registry: [entry], limits: quick });
    const child = () =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, options], {
        cwd: join(import.meta.dirname, '../..'),
      });
    const results = await Promise.all([child(), child()]);
    expect(results.map((r) => r.stdout.trim())).toEqual([folder(), folder()]);
    expect(hub.requests.filter((r) => r.path === '/cdn/model.safetensors').length).toBe(1);
    expect((await store().verify('thing')).ok).toBe(true);
  });

  it('takes over the lock of a process that died', async () => {
    mkdirSync(folder(), { recursive: true });
    const stale = join(folder(), '.pull.lock');
    writeFileSync(stale, 'dead owner');
    const old = new Date(Date.now() - 60_000);
    utimesSync(stale, old, old);
    await store().pull('thing');
    expect(names()).toEqual(['config.json', 'model.safetensors', 'tessera.lock.json']);
  });

  it('waits for a live lock until it is aborted', async () => {
    mkdirSync(folder(), { recursive: true });
    writeFileSync(join(folder(), '.pull.lock'), 'live owner');
    await expect(store().pull('thing', { signal: AbortSignal.timeout(300) })).rejects.toThrow(/abort|timeout/i);
    expect(readFileSync(join(folder(), '.pull.lock'), 'utf8')).toBe('live owner');
  });
});
