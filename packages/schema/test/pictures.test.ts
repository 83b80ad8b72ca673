// Pictures in and out: uploads, seeds, masks, tokens from files, searches by what is seen.
import { addStroke, openDoc, type Stroke } from '@tessera/collab';
import { putBlob } from '@tessera/db';
import { encodeNpz } from '@tessera/media';
import { writeSafetensors } from '@tessera/models';
import { describe, expect, it } from 'vitest';
import { pictureRenderer } from '../src/index.ts';
import { globalId } from '../src/input-checks.ts';
import { plainPicture } from './support/pictures.ts';
import { type Studio, useStudio } from './support/studio.ts';
import { makeTenant, type Tenant, uploaded } from './support/tenant.ts';
import { TOY } from './support/toy-compute.ts';

let studio: Studio;
let home: Tenant;
useStudio(async (opened) => {
  studio = opened;
  home = await makeTenant(studio, 'Home');
});

const upload = (purpose: 'SEED' | 'MASK' | 'TOKENS', bytes: Uint8Array) =>
  uploaded(studio, home.owner, home.ids.Workspace, purpose, bytes);
const change = (name: string, input: object, fields = '') => studio.change(home.owner, name, input, fields);
const inWorkspace = async (field: string) =>
  (await studio.data(home.owner, `query ($id: ID!) { workspace(id: $id) { ${field} } }`, { id: home.ids.Workspace }))
    .workspace;

describe('seeds', () => {
  it('show their picture at an address that opens without asking again', async () => {
    const query = `query ($id: ID!) { seed(id: $id) { width tags
      picture(size: 16) { url dataUrl contentType width height sha256 } large: picture(size: 300) { dataUrl width } } }`;
    const { seed } = await studio.data(home.owner, query, { id: home.ids.Seed });
    expect(seed.picture).toMatchObject({ contentType: 'image/webp', width: 16, height: 16 });
    expect(seed.picture.dataUrl).toMatch(/^data:image\/webp;base64,/);
    expect(seed.large.width).toBe(64);
    const subject = await studio.services.tickets.open(seed.picture.url.replace('/pictures/', ''));
    if (subject.kind === 'run-export') throw new Error('no picture');
    const { sha256 } = await studio.services.pictures.render(subject);
    expect(sha256).toBe(seed.picture.sha256);
  });

  it('keep their tokens, and show what these decode to', async () => {
    const query = `query ($id: ID!) { seed(id: $id) { tokens(tokenizer: "toy") none: tokens(tokenizer: "toy-vae")
      reconstruction(tokenizer: "toy") { width } } }`;
    const { seed } = await studio.data(home.owner, query, { id: home.ids.Seed });
    expect(seed).toEqual({ tokens: new Array(16).fill(48), none: null, reconstruction: { width: 32 } });
    const before = studio.compute.calls.encode;
    await studio.data(home.owner, query, { id: home.ids.Seed });
    expect(studio.compute.calls.encode).toBe(before);
    const wrong = await studio.run(home.owner, 'query ($id: ID!) { seed(id: $id) { tokens(tokenizer: "x") } }', {
      id: home.ids.Seed,
    });
    expect(wrong.errors[0]!.extensions).toMatchObject({ code: 'BAD_INPUT', field: 'tokenizer' });
  });

  it('come from a step of a run, with its tokens', async () => {
    const input = { workspaceId: home.ids.Workspace, name: 'step', fromStep: { runId: home.ids.Run, step: 1 } };
    const { seed } = await change('createSeed', input, 'seed { id width tokens(tokenizer: "toy") }');
    expect(seed).toMatchObject({ width: 32, tokens: Array.from({ length: 16 }, (_, i) => i + 1) });
    const late = { ...input, fromStep: { runId: home.ids.Run, step: 99 } };
    expect((await change('createSeed', late)).problem.code).toBe('NOT_FOUND');
  });

  it('refuse what is no picture, and an upload that never came', async () => {
    const seed = (uploadId: string) => change('createSeed', { workspaceId: home.ids.Workspace, name: 'x', uploadId });
    const png = await plainPicture([0, 0, 255]);
    expect((await seed(await upload('SEED', new TextEncoder().encode('GIF89a')))).problem.code).toBe('UNSUPPORTED');
    expect((await seed(await upload('SEED', png.subarray(0, 60)))).problem.code).toBe('BAD_INPUT');
    expect((await seed(await upload('MASK', png))).problem).toMatchObject({ code: 'BAD_INPUT', field: 'uploadId' });
    const { uploadId } = await change('createUpload', { workspaceId: home.ids.Workspace, purpose: 'SEED' }, 'uploadId');
    expect((await seed(uploadId)).problem).toMatchObject({ code: 'BAD_INPUT', field: 'uploadId' });
    await studio.database.client.upload.updateMany({ where: { usedAt: null }, data: { expiresAt: new Date(0) } });
    expect((await seed(uploadId)).problem.code).toBe('EXPIRED');
    expect((await change('createSeed', { workspaceId: home.ids.Workspace, name: 'x' })).problem).toMatchObject({
      code: 'BAD_INPUT',
      field: 'uploadId',
    });
  });

  it('are made once for one idempotency key', async () => {
    const uploadId = await upload('SEED', await plainPicture([0, 255, 0]));
    const input = { workspaceId: home.ids.Workspace, name: 'green', uploadId, idempotencyKey: 'k' };
    const [a, b] = [await change('createSeed', input, 'seed { id }'), await change('createSeed', input, 'seed { id }')];
    expect(a.seed).toEqual(b.seed);
    expect((await change('createSeed', { ...input, name: 'other' })).problem.code).toBe('IDEMPOTENCY_CONFLICT');
  });

  it('are found by what they look like', async () => {
    const { seedsNearImage, associateSeed } = await inWorkspace(`
      seedsNearImage(to: { text: "red" }, first: 1) { seed { id } similarity }
      associateSeed(prompt: "something red", mode: TOP_1) { id }`);
    expect(seedsNearImage[0].seed.id).toBe(home.ids.Seed);
    expect(seedsNearImage[0].similarity).toBeGreaterThan(0.9);
    expect(associateSeed.id).toBe(home.ids.Seed);
    const near = await inWorkspace(
      `seedsNearTokens(to: { indices: [${new Array(16).fill(48).join()}] }, first: 1) { seed { id } distance }`,
    );
    expect(near.seedsNearTokens).toEqual([{ seed: { id: home.ids.Seed }, distance: 0 }]);
    const chosen = async () =>
      (await inWorkspace('associateSeed(prompt: "x", mode: RANDOM, randomSeed: 7) { id }')).associateSeed.id;
    expect(await chosen()).toBe(await chosen());
  });
});

describe('masks', () => {
  it('have the size of their seed', async () => {
    const uploadId = await upload('MASK', await plainPicture([255, 255, 255], 32));
    const { problem } = await change('createMask', { seedId: home.ids.Seed, name: 'x', uploadId });
    expect(problem.code).toBe('BAD_INPUT');
    expect(problem.message).toContain('64 x 64');
  });

  it('are drawn from what was painted in a session', async () => {
    const input = { seedId: home.ids.Seed, name: 'painted', sessionId: home.ids.Session };
    expect((await change('createMask', input)).problem).toMatchObject({ code: 'BAD_INPUT', field: 'sessionId' });
    const doc = openDoc();
    const stroke: Stroke = { id: 's', author: 'me', mode: 'add', size: 0.5, softness: 0, points: [0.5, 0.5] };
    const pushed = new Promise<Uint8Array>((resolve) => doc.on('update', resolve));
    addStroke(doc, stroke, null);
    const update = Buffer.from(await pushed).toString('base64');
    expect((await change('pushDocument', { sessionId: home.ids.Session, update }, 'outcome')).outcome).toBe('STORED');
    const { mask } = await change('createMask', input, 'mask { id width height seed { id } picture { dataUrl } }');
    expect(mask).toMatchObject({ width: 64, height: 64, seed: { id: home.ids.Seed } });
    expect((await change('deleteMask', { maskId: mask.id }, 'deletedId')).deletedId).toBe(mask.id);
  });
});

describe('tokens from a file', () => {
  const row = Array.from({ length: 16 }, (_, i) => i * 2);
  const text = (value: string) => new TextEncoder().encode(value);
  const load = async (bytes: Uint8Array, tokenizer = TOY.tokenizer) => {
    const uploadId = await upload('TOKENS', bytes);
    const input = { workspaceId: home.ids.Workspace, uploadId, tokenizer, name: 'imported' };
    return change('importTokens', input, 'seed { width tokens(tokenizer: "toy") }');
  };
  const array = { shape: [2, 16], data: Uint16Array.from([...new Array(16).fill(1), ...row]) };

  it.each([
    ['.npz', encodeNpz({ indices: { dtype: 'uint16', ...array } })],
    ['.safetensors', writeSafetensors({ indices: array })],
    ['JSON', text(JSON.stringify({ indices: [new Array(16).fill(1), row] }))],
    ['a bare list', text(JSON.stringify(row))],
    ['CSV', text(`step,${row.map((_, i) => `t${i}`).join()}\n0,${new Array(16).fill(1).join()}\n1,${row.join()}\n`)],
  ])('become a seed: the last row of %s', async (_name, bytes) => {
    const { seed, problem } = await load(bytes);
    expect(problem).toBeNull();
    expect(seed).toEqual({ width: 32, tokens: row });
  });

  it('are refused where count, codebook, tokenizer or file are wrong', async () => {
    const other = { tokenizer: { id: 'titok', sha256: 'ab' }, indices: [row] };
    const wrong: [Uint8Array, string][] = [
      [text(JSON.stringify(row.slice(1))), 'uploadId'],
      [text(JSON.stringify([...row.slice(1), 64])), 'uploadId'],
      [text(JSON.stringify([...row.slice(1), -1])), 'uploadId'],
      [text(JSON.stringify([...row.slice(1), 0.5])), 'uploadId'],
      [text(JSON.stringify([...row.slice(1), null])), 'uploadId'],
      [text(JSON.stringify(other)), 'tokenizer'],
      [text('{"indices": '), 'uploadId'],
      [await plainPicture([0, 0, 0]), 'uploadId'],
      [Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), 'uploadId'],
      [encodeNpz({ other: { dtype: 'uint16', ...array } }), 'uploadId'],
    ];
    for (const [bytes, field] of wrong) {
      expect((await load(bytes)).problem).toMatchObject({ code: 'BAD_INPUT', field });
    }
    for (const tokenizer of [TOY.vectors, 'unknown', TOY.clip]) {
      expect((await load(text(JSON.stringify(row)), tokenizer)).problem).toMatchObject({
        code: 'BAD_INPUT',
        field: 'tokenizer',
      });
    }
    expect((await load(text(JSON.stringify(row)), 'toy-absent')).problem.code).toBe('UNSUPPORTED');
  });
});

it('pictures are rendered once, also for many who ask at the same time', async () => {
  const [runId, workspaceId] = [home.raw[Object.keys(home.ids).indexOf('Run')]!, home.workspace.id];
  const subject = { kind: 'step-picture', workspaceId, runId, step: 2, format: 'webp', size: 24 } as const;
  const before = studio.compute.calls.decode ?? 0;
  const all = await Promise.all(Array.from({ length: 8 }, () => studio.services.pictures.render(subject)));
  await studio.services.pictures.render(subject);
  expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(1);
  expect(studio.compute.calls.decode).toBe(before + 1);
  expect(globalId('Run', runId)).toBe(home.ids.Run);
});

it('pictures of what was deleted are not shown for ever', async () => {
  const { database, compute } = studio.services;
  const renderer = pictureRenderer({ database, compute }, { maxAgeMs: 1 });
  const workspaceId = home.workspace.id;
  const { id: blobId } = await putBlob(database, workspaceId, await plainPicture([1, 2, 3]), 'image/png');
  const subject = { kind: 'blob-picture', workspaceId, blobId } as const;
  expect((await renderer.render(subject)).width).toBe(64);
  await database.client.blob.delete({ where: { id: blobId } });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await expect(renderer.render(subject)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('says so where no worker answers', async () => {
  studio.compute.away = true;
  try {
    const query =
      'query ($id: ID!) { seed(id: $id) { tokens(tokenizer: "toy-vae") reconstruction(tokenizer: "toy", size: 9) { sha256 } } }';
    const { errors } = await studio.run(home.owner, query, { id: home.ids.Seed });
    expect(errors[0]!.extensions!.code).toBe('UNAVAILABLE');
  } finally {
    studio.compute.away = false;
  }
});
