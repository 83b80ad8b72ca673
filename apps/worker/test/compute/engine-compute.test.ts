// Requests on the real engine with the pocket models: what they answer, what they refuse, in which order.
import { Engine, storeLibrary } from '@tessera/engine';
import { encodeFrame, readImage } from '@tessera/media';
import { ModelStore } from '@tessera/models';
import { POCKET_MODELS } from '@tessera/pocket';
import type { TokenData } from '@tessera/protocol';
import { openRuntime } from '@tessera/runtime';
import type { Compute } from '@tessera/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineCompute } from '../../src/compute/engine-compute.ts';
import { difference, photo } from './pictures.ts';

const store = new ModelStore({ embedded: POCKET_MODELS, directory: 'no-such-folder' });
let engine: Engine;
let compute: Compute;
let tokens: TokenData;

beforeAll(async () => {
  const runtime = await openRuntime({ provider: 'cpu', process: 'inline', threads: 2 });
  engine = new Engine({ runtime, library: storeLibrary(store) });
  compute = engineCompute(engine, store);
  tokens = await compute.encode('pocket-32', await photo());
});
afterAll(() => engine[Symbol.asyncDispose]());

const indices = (data: readonly number[]): TokenData => ({ kind: 'indices', data: Int32Array.from(data) });
const ramp = (from: number) => indices(Array.from({ length: 32 }, (_, i) => (from + i * 37) % 4096));

describe('models', () => {
  it('lists the registry: what is here, with its shape and identity, and what is not', async () => {
    const models = new Map((await compute.models()).map((model) => [model.id, model]));
    expect(models.get('pocket-32')).toEqual({
      id: 'pocket-32',
      name: 'Pocket tokenizer',
      kind: 'tokenizer',
      family: 'titok',
      licence: 'MIT',
      bytes: 0,
      embedded: true,
      installed: true,
      imageSize: 128,
      positions: 32,
      codebookSize: 4096,
      channels: 12,
      sha256: (await engine.library.tokenizer('pocket-32')).sha256,
    });
    expect(models.get('pocket-clip')).toMatchObject({ kind: 'encoder', installed: true, imageSize: 112 });
    const absent = { kind: 'tokenizer', installed: false, embedded: false, imageSize: 256 };
    expect(models.get('vq-ll-32')).toMatchObject({ ...absent, positions: 32, codebookSize: 4096, channels: 12 });
    expect(models.get('vae-bl-64')).toMatchObject({ ...absent, positions: 64, codebookSize: 0, channels: 16 });
    expect(models.get('maskgit-vqgan')).toMatchObject({ ...absent, positions: 256, codebookSize: 1024, channels: 256 });
    expect(models.get('vq-ll-32')).not.toHaveProperty('sha256');
    expect(models.size).toBe(store.registry.length);
  });
});

describe('decode and encode', () => {
  it('a decoded picture resembles the one that was encoded', async () => {
    const [picture] = await compute.decode('pocket-32', [tokens], { format: 'png' });
    const other = await compute.decode('pocket-32', [ramp(5)], { format: 'png' });
    const near = await difference(await photo(), picture!.bytes);
    expect(near).toBeLessThan(0.15);
    expect(near).toBeLessThan((await difference(await photo(), other[0]!.bytes)) / 2);
  });

  it('gives exactly the frame of the tokens, as PNG', async () => {
    const frame = await engine.decode(await engine.library.tokenizer('pocket-32'), tokens);
    const [picture] = await compute.decode('pocket-32', [tokens], { format: 'png' });
    expect(Buffer.compare(picture!.bytes, await encodeFrame(frame, { format: 'png' }))).toBe(0);
    expect(picture).toMatchObject({ contentType: 'image/png', width: 128, height: 128 });
  });

  it('a list gives the same as one by one, in order', async () => {
    const list = [tokens, ramp(1), ramp(2), tokens, ramp(3)];
    const together = await engineCompute(engine, store).decode('pocket-32', list);
    const alone = engineCompute(engine, store);
    for (const [i, each] of list.entries()) expect((await alone.decode('pocket-32', [each]))[0]).toEqual(together[i]);
    expect(new Set(together.map(({ sha256 }) => sha256)).size).toBe(4);
  });

  it.each([
    ['webp', 64],
    ['jpeg', 300],
    ['png', 17],
  ] as const)('as %s of %d px', async (format, size) => {
    const [picture] = await compute.decode('pocket-32', [tokens], { format, size });
    expect(picture).toMatchObject({ contentType: `image/${format}`, width: size, height: size });
    expect(await readImage(picture!.bytes)).toMatchObject({ format, width: size, height: size });
  });

  it('vectors of a tokenizer without codebook', async () => {
    const picture = await photo();
    const vectors = await compute.encode('pixels-16', picture);
    expect(vectors).toMatchObject({ kind: 'vectors' });
    expect(vectors.data).toHaveLength(3 * 16 * 16);
    const [decoded] = await compute.decode('pixels-16', [vectors], { format: 'png' });
    expect(await difference(picture, decoded!.bytes)).toBeLessThan(0.1);
  });

  it('decodes a picture once, for all who ask, as long as it is kept', async () => {
    let decodes = 0;
    const counting = Object.create(engine, {
      decode: {
        value: (...args: Parameters<Engine['decode']>) => {
          decodes += 1;
          return engine.decode(...args);
        },
      },
    }) as Engine;
    const kept = engineCompute(counting, store);
    await Promise.all([kept.decode('pocket-32', [tokens, tokens]), kept.decode('pocket-32', [tokens])]);
    await kept.decode('pocket-32', [tokens]);
    expect(decodes).toBe(1);
    await kept.decode('pocket-32', [tokens], { size: 64 });
    await kept.decode('pocket-32', [tokens], { format: 'png' });
    await kept.decode('pocket-32', [ramp(1)]);
    expect(decodes).toBe(4);
    const forgetful = engineCompute(counting, store, { cacheBytes: 600 });
    await forgetful.decode('pocket-32', [tokens]);
    await forgetful.decode('pocket-32', [tokens]);
    expect(decodes).toBe(6);
  });
});

describe('features', () => {
  it('texts and pictures have unit features, those of the engine', async () => {
    const texts = await compute.embedTexts('pocket-clip', ['a cat on a beach at night', 'a red car on grass']);
    const pictures = await compute.embedPictures('pocket-clip', [await photo(), await photo(1)]);
    const clip = await engine.library.encoder('pocket-clip');
    for (const feature of [...texts, ...pictures]) {
      expect(feature).toHaveLength(clip.encoder.embedDim);
      expect(Math.hypot(...feature)).toBeCloseTo(1, 4);
    }
    expect(texts[0]).toEqual(await engine.embedText(clip, 'a cat on a beach at night'));
    expect(pictures[0]).not.toEqual(pictures[1]);
  });
});

describe('perturb', () => {
  const ask = (order: 'largest' | 'smallest', count = 4) =>
    engineCompute(engine, store, { candidates: 24 }).perturb({ tokenizer: 'pocket-32', tokens }, 3, {
      count,
      order,
      format: 'png',
    });

  it('ranks tokens by how much they change the picture', async () => {
    const largest = await ask('largest');
    const smallest = await ask('smallest');
    const changes = (list: typeof largest) => list.map(({ change }) => change);
    expect(changes(largest)).toEqual(changes(largest).toSorted((a, b) => b - a));
    expect(changes(smallest)).toEqual(changes(smallest).toSorted((a, b) => a - b));
    expect(Math.min(...changes(largest))).toBeGreaterThan(Math.max(...changes(smallest)));
    expect(new Set([...largest, ...smallest].map(({ token }) => token)).size).toBe(8);
    expect(Math.max(...changes(largest))).toBeLessThan(1);
  });

  it('shows what each token does, and the same request says the same', async () => {
    const answer = await ask('largest', 2);
    expect(await ask('largest', 2)).toEqual(answer);
    for (const { token, picture, change } of answer) {
      const changed: TokenData = { kind: 'indices', data: Int32Array.from(tokens.data).with(3, token) };
      const [decoded, original] = await compute.decode('pocket-32', [changed, tokens], { format: 'png' });
      expect(picture).toEqual(decoded);
      expect(change).toBeCloseTo(await difference(picture.bytes, original!.bytes), 5);
    }
  });

  it('ranks by a text, with the score', async () => {
    const few = engineCompute(engine, store, { candidates: 10 });
    const options = { count: 5, order: 'text', model: 'pocket-clip', prompt: 'a cat on a beach at night' } as const;
    const answer = await few.perturb({ tokenizer: 'pocket-32', tokens }, 0, options);
    const scores = answer.map(({ score }) => score!);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const clip = await engine.library.encoder('pocket-clip');
    const best: TokenData = { kind: 'indices', data: Int32Array.from(tokens.data).with(0, answer[0]!.token) };
    const frame = await engine.decode(await engine.library.tokenizer('pocket-32'), best);
    expect(scores[0]).toBeCloseTo(await engine.score(clip, frame, options.prompt), 4);
  });

  it('tries as many as are asked for when there is no time, and no more', async () => {
    const hurried = engineCompute(engine, store, { perturbMs: 0, candidates: 24 });
    const answer = await hurried.perturb({ tokenizer: 'pocket-32', tokens }, 3, { count: 3, order: 'largest' });
    expect(answer).toHaveLength(3);
  });
});

describe('refusals', () => {
  const from = () => ({ tokenizer: 'pocket-32', tokens });
  const nan: TokenData = { kind: 'vectors', data: new Float32Array(32 * 12).fill(Number.NaN) };
  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    ['an unknown model', () => compute.decode('nope', [tokens]), 'NOT_FOUND', /nope/],
    ['a folder', () => compute.decode(POCKET_MODELS['pocket-32'], [tokens]), 'NOT_FOUND', /There is no model/],
    ['a model that is not installed', () => compute.decode('vq-ll-32', [tokens]), 'NOT_FOUND', /not in the store/],
    ['an encoder as tokenizer', () => compute.decode('pocket-clip', [tokens]), 'BAD_INPUT', /image-text model/],
    ['a tokenizer as encoder', () => compute.embedTexts('pocket-32', ['a']), 'BAD_INPUT', /image tokenizer/],
    ['pixels of 5,000', () => compute.decode('pixels-5000', [tokens]), 'BAD_INPUT', /side must be/],
    ['31 tokens', () => compute.decode('pocket-32', [tokens, indices(Array(31).fill(0))]), 'BAD_INPUT', /are 31/],
    ['index 4096', () => compute.decode('pocket-32', [indices(Array(32).fill(4096))]), 'BAD_INPUT', /4096/],
    ['index -1', () => compute.decode('pocket-32', [indices(Array(32).fill(-1))]), 'BAD_INPUT', /-1/],
    ['vectors that are no numbers', () => compute.decode('pocket-32', [nan]), 'BAD_INPUT', /NaN/],
    ['indices without codebook', () => compute.decode('pixels-16', [tokens]), 'BAD_INPUT', /no codebook/],
    ['text as a picture', () => compute.encode('pocket-32', Buffer.from('hello')), 'UNSUPPORTED', /image/],
    ['no bytes', () => compute.encode('pocket-32', new Uint8Array()), 'UNSUPPORTED', /empty/],
    ['half a picture', async () => compute.encode('pocket-32', (await photo()).slice(0, 900)), 'BAD_INPUT', /damaged/],
    ['a file of 11 MB', () => compute.encode('pocket-32', new Uint8Array(11 * 1024 * 1024)), 'TOO_LARGE', /bytes/],
    [
      'one bad picture of two',
      async () => compute.embedPictures('pocket-clip', [await photo(), Buffer.from('x')]),
      'UNSUPPORTED',
      /./,
    ],
    ['an empty prompt', () => compute.embedTexts('pocket-clip', ['']), 'BAD_INPUT', /./],
    ['position 32', () => compute.perturb(from(), 32, { count: 1, order: 'largest' }), 'BAD_INPUT', /0 to 31/],
    ['a text order without text', () => compute.perturb(from(), 1, { count: 1, order: 'text' }), 'BAD_INPUT', /prompt/],
    [
      'a perturbation of pixels',
      () => compute.perturb({ tokenizer: 'pixels-16', tokens: nan }, 1, { count: 1, order: 'largest' }),
      'UNSUPPORTED',
      /codebook/,
    ],
  ])('%s', async (_, ask, code, message) => {
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ComputeError', code });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toMatch(/\n/);
  });
});
