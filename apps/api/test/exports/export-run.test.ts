// Downloads of a run, read back by the readers that people use.
import type { Database, Run } from '@tessera/db';
import { openTestDatabase } from '@tessera/db/testing';
import { decodeNpz, readImage, readManifest, sniff } from '@tessera/media';
import { pictureRenderer, type RunExport } from '@tessera/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BusyError, type ExportServices, exportRun, Turns } from '../../src/exports/index.ts';
import { finishedRun, MANIFEST, POSITIONS, stepAt, tokensAt, toyCompute } from './support.ts';

const STEPS = 150;
let database: Database;
let services: ExportServices;
let run: Run;
const batches: number[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
  const compute = toyCompute(batches);
  services = {
    database,
    compute,
    pictures: pictureRenderer({ database, compute }),
    turns: new Turns({ atOnce: 1, waiting: 1 }),
  };
  run = await finishedRun(database, STEPS);
});
afterAll(() => database.close());

async function get(format: RunExport, more: object = {}, of: Run = run) {
  const subject = { kind: 'run-export', workspaceId: of.workspaceId, runId: of.id, format, ...more } as const;
  const { bytes, ...rest } = await exportRun(services, subject);
  if (bytes instanceof Uint8Array) return { ...rest, bytes, pieces: 1 };
  const all: Uint8Array[] = [];
  for await (const piece of bytes) all.push(piece);
  return { ...rest, bytes: new Uint8Array(Buffer.concat(all)), pieces: all.length };
}

const textOf = async (...args: Parameters<typeof get>) => new TextDecoder().decode((await get(...args)).bytes);
const every = (stride: number) => Array.from({ length: Math.ceil(STEPS / stride) }, (_, i) => i * stride);

describe('arrays', () => {
  it('are in a NumPy archive, every step', async () => {
    const { bytes, filename, contentType } = await get('NPZ');
    expect([filename, contentType]).toEqual([
      expect.stringMatching(/^Fuchse-im-Schnee-\w{8}\.npz$/),
      'application/zip',
    ]);
    const arrays = decodeNpz(bytes);
    expect(arrays.get('indices')).toEqual({
      dtype: 'uint16',
      shape: [STEPS, POSITIONS],
      data: Uint16Array.from(every(1).flatMap(tokensAt)),
    });
    expect(arrays.get('steps')!.data).toEqual(Int32Array.from(every(1)));
    expect(arrays.get('loss')!.data).toEqual(Float32Array.from(every(1), (step) => stepAt(step).loss));
    expect(arrays.get('score')!.data).toEqual(Float32Array.from(every(1), (step) => stepAt(step).score ?? Number.NaN));
    expect(arrays.get('similarities')).toMatchObject({ shape: [STEPS, 1] });
    expect(arrays.get('gradient_norms')!.shape).toEqual([STEPS, POSITIONS]);
    const facts = JSON.parse(new TextDecoder().decode(arrays.get('metadata')!.data as Uint8Array));
    expect(facts).toEqual({
      format: 'tessera-tokens-1',
      tokenizer: MANIFEST.tokenizer,
      seed: 7,
      objectives: ['clip'],
      manifest: MANIFEST,
    });
  });

  it('are in a safetensors file, thinned by the stride', async () => {
    const { bytes } = await get('SAFETENSORS', { stride: 40 });
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header.indices).toMatchObject({ dtype: 'U16', shape: [4, POSITIONS] });
    const [from, to] = header.indices.data_offsets;
    const data = new Uint16Array(bytes.slice(8 + length + from, 8 + length + to).buffer);
    expect(Array.from(data)).toEqual(every(40).flatMap(tokensAt));
    expect(JSON.parse(header.__metadata__.metadata).tokenizer).toEqual(MANIFEST.tokenizer);
  });

  it('hold vectors where there is no codebook', async () => {
    const other = await finishedRun(database, 6, 'vectors');
    const vectors = decodeNpz((await get('NPZ', {}, other)).bytes).get('vectors');
    expect(vectors).toMatchObject({ dtype: 'float32', shape: [6, POSITIONS, 2] });
    expect(Array.from(vectors!.data.slice(8, 16) as Float32Array)).toEqual(
      Array.from(stepAt(1, 'vectors').tokens.data),
    );
    const [names, first] = (await textOf('CSV', {}, other)).split('\r\n');
    expect(names!.split(',').slice(5)).toEqual([0, 1, 2, 3].flatMap((p) => [`token_${p}_0`, `token_${p}_1`]));
    expect(first!.split(',')).toHaveLength(13);
  });
});

describe('text', () => {
  it('is a table with a row per step', async () => {
    const rows = (await textOf('CSV', { stride: 7 }))
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    expect(rows.shift()).toEqual([
      'step',
      'loss',
      'regularisation',
      'score',
      'skipped',
      ...[0, 1, 2, 3].map((p) => `token_${p}`),
    ]);
    expect(rows.map(([step]) => Number(step))).toEqual(every(7));
    for (const [step, loss, , score, skipped, ...tokens] of rows) {
      const record = stepAt(Number(step));
      expect(tokens.map(Number)).toEqual(tokensAt(Number(step)));
      expect(loss === '' ? Number.NaN : Number(loss)).toEqual(record.loss);
      expect(score === '' ? undefined : Number(score)).toEqual(record.score);
      expect(skipped).toBe(record.skipped ? '1' : '0');
    }
  });

  it('is JSON that parses, with everything of every step', async () => {
    const json = JSON.parse(await textOf('JSON'));
    expect(json).toMatchObject({ format: 'tessera-tokens-1', tokenizer: MANIFEST.tokenizer, seed: 7 });
    expect(json.indices).toEqual(every(1).map(tokensAt));
    expect(json.steps.map(({ step }: { step: number }) => step)).toEqual(every(1));
    expect(json.steps[3]).toMatchObject({ loss: null, skipped: true });
    expect(json.steps[5]).toMatchObject({ loss: stepAt(5).loss, score: stepAt(5).score, terms: [{ kind: 'clip' }] });
  });

  it('is sent in pieces when it is long', async () => {
    expect((await get('JSON', { stride: 1 })).pieces).toBeGreaterThanOrEqual(1);
    const long = await finishedRun(database, 900);
    expect((await get('JSON', {}, long)).pieces).toBeGreaterThan(2);
  });

  it('is the manifest, and bytes are the checkpoint', async () => {
    expect(JSON.parse(await textOf('MANIFEST'))).toEqual(MANIFEST);
    expect((await get('CHECKPOINT')).bytes).toEqual(Uint8Array.of(1, 2, 3, 128));
  });
});

describe('pictures', () => {
  it('carry the manifest and show their step', async () => {
    const { bytes, filename } = await get('PNG', { step: 9, size: 8 });
    expect(filename).toMatch(/-step-9\.png$/);
    expect(JSON.parse(readManifest(bytes)!)).toEqual(MANIFEST);
    const { width, data } = await readImage(bytes);
    expect([width, data[0]]).toEqual([8, tokensAt(9)[0]]);
    expect((await readImage((await get('PNG')).bytes)).data[0]).toBe(tokensAt(STEPS - 1)[0]);
  });

  it.each([
    ['GIF', 'gif'],
    ['WEBP', 'webp'],
    ['MP4', undefined],
    ['WEBM', undefined],
  ] as const)('move as %s, decoded in batches', async (format, kind) => {
    batches.length = 0;
    const { bytes, contentType } = await get(format, { stride: 4, fps: 10 });
    // Every fourth step, and the last.
    expect(batches.reduce((sum, size) => sum + size, 0)).toBe(39);
    expect(Math.max(...batches)).toBeLessThanOrEqual(16);
    expect(bytes.length).toBeGreaterThan(200);
    if (kind) expect(sniff(bytes)?.format).toBe(kind);
    if (format === 'MP4') expect(new TextDecoder().decode(bytes.subarray(4, 8))).toBe('ftyp');
    if (format === 'WEBM') expect(bytes.subarray(0, 4)).toEqual(Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3));
    expect(contentType).toMatch(/^(image|video)\//);
  });
});

describe('refusals', () => {
  it('say what is missing or too much', async () => {
    await expect(get('PNG', { step: STEPS })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(get('NPZ', { runId: 'none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(get('NPZ', { workspaceId: 'other' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(get('EXE' as RunExport)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const bare = await finishedRun(database, 1, 'indices', { manifest: false });
    await expect(get('MANIFEST', {}, bare)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(readManifest((await get('PNG', {}, bare)).bytes)).toBeUndefined();
  });

  it('stop a film whose reader has left', async () => {
    const left = new AbortController();
    left.abort();
    const subject = { kind: 'run-export', workspaceId: run.workspaceId, runId: run.id, format: 'GIF' } as const;
    await expect(exportRun(services, subject, left.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('films', () => {
  it('are made one after the other, wait for their turn, and are refused beyond that with a word', async () => {
    const made = [get('GIF', { stride: 30 }), get('GIF', { stride: 30 })];
    const refused = get('GIF', { stride: 30 });
    await expect(refused).rejects.toThrow(BusyError);
    await expect(refused).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('try again in a minute'),
    });
    // Tables and pictures are not films.
    expect((await get('JSON')).bytes.length).toBeGreaterThan(0);
    for (const { bytes } of await Promise.all(made)) expect(sniff(bytes)).toMatchObject({ format: 'gif' });
    expect((await get('GIF', { stride: 30 })).bytes.length).toBeGreaterThan(0);
  });
});
