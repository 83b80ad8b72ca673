// From an id or a folder to kind, config in normal form and files: the golden models, the pocket models, and what cannot be used.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointFormatError } from '../../src/checkpoints/errors.ts';
import {
  ModelConfigError,
  ModelNotPulledError,
  UnknownArchitectureError,
  UnknownModelError,
} from '../../src/store/errors.ts';
import { golden, pocket, useModelFolders } from '../support/model-folders.ts';

const { folderOf, root, store } = useModelFolders();

describe('the golden and pocket models', () => {
  it('TiTok VQ with pixels, heads given by the caller', async () => {
    const model = await store.resolve(join(golden, 'titok-vq-pixel'), { heads: 4 });
    expect(model).toMatchObject({ kind: 'titok', folder: join(golden, 'titok-vq-pixel'), tokenizerFiles: {} });
    expect(model.checkpoint).toBe(join(golden, 'titok-vq-pixel/model.safetensors'));
    expect(model.config).toEqual({
      imageSize: 64,
      encoderPatch: 16,
      decoderPatch: 16,
      tokens: 8,
      channels: 12,
      quantiser: 'vq',
      codebookSize: 128,
      l2Norm: true,
      legacyReshape: false,
      head: 'pixel',
      headKernel: 1,
      encoder: { width: 64, layers: 3, heads: 4 },
      decoder: { width: 64, layers: 3, heads: 4 },
    });
  });

  it('TiTok VAE', async () => {
    const { config } = await store.resolve(join(golden, 'titok-vae-pixel'), { heads: 4 });
    expect(config).toMatchObject({ quantiser: 'vae', codebookSize: 0, l2Norm: false, channels: 12 });
  });

  it('TiTok with the VQGAN head, its size read from the tensors', async () => {
    const { config } = await store.resolve(join(golden, 'titok-vq-vqgan'), { heads: 4 });
    expect(config).toMatchObject({
      head: 'vqgan',
      legacyReshape: true,
      vqgan: {
        hiddenChannels: 32,
        channelMult: [1, 1, 1, 2, 2],
        resBlocks: 1,
        zChannels: 32,
        codes: 64,
        imageSize: 64,
      },
    });
  });

  it('MaskGIT-VQGAN', async () => {
    expect(await store.resolve(join(golden, 'maskgit-vqgan'))).toMatchObject({
      kind: 'maskgit-vqgan',
      config: {
        hiddenChannels: 32,
        channelMult: [1, 1, 1, 2, 2],
        resBlocks: 1,
        zChannels: 32,
        codes: 64,
        imageSize: 64,
      },
    });
  });

  it.each([
    ['clip-gelu', 'gelu'],
    ['clip-quickgelu', 'quick_gelu'],
  ])('%s', async (name, activation) => {
    const { kind, config } = await store.resolve(join(golden, name));
    expect({ kind, config }).toMatchObject({
      kind: 'clip',
      config: {
        embedDim: 32,
        activation,
        image: { width: 64, layers: 3, heads: 4, imageSize: 56, patchSize: 8 },
        text: { width: 48, layers: 2, heads: 4, contextLength: 16, vocabSize: 512 },
      },
    });
  });

  it('SigLIP', async () => {
    const { kind, config } = await store.resolve(join(golden, 'siglip'));
    expect({ kind, config }).toMatchObject({
      kind: 'siglip',
      config: {
        epsilon: 1e-6,
        image: { width: 48, layers: 3, heads: 4, mlpWidth: 96, imageSize: 56, patchSize: 8, mean: [0.5, 0.5, 0.5] },
        text: { width: 48, layers: 2, heads: 4, mlpWidth: 96, contextLength: 16, vocabSize: 256 },
      },
    });
  });

  it('the pocket models by id', async () => {
    expect(await store.resolve('pocket-32')).toMatchObject({
      id: 'pocket-32',
      kind: 'titok',
      config: { tokens: 32, encoder: { width: 192, heads: 6 } },
    });
    const clip = await store.resolve('Pocket-CLIP');
    expect(clip).toMatchObject({ kind: 'clip', tokenizerFiles: { words: join(pocket, 'clip/vocab.json') } });
    expect((await store.verify('pocket-32')).ok).toBe(true);
    expect(await store.pull('pocket-32')).toBe(join(pocket, 'tokenizer'));
  });

  it('a checkpoint file with its config beside it', async () => {
    const model = await store.resolve(join(golden, 'clip-gelu/model.safetensors'));
    expect(model).toMatchObject({ kind: 'clip', folder: join(golden, 'clip-gelu') });
  });

  it('needs heads that no named size tells', async () => {
    const resolve = store.resolve(join(golden, 'titok-vq-pixel'));
    await expect(resolve).rejects.toThrow(ModelConfigError);
    await expect(resolve).rejects.toThrow(/encoder is 64 wide, which is no named size .*give `num_heads`/);
    await expect(store.resolve(join(golden, 'titok-vq-pixel'), { heads: 5 })).rejects.toThrow(/5 heads do not divide/);
  });
});

describe('what is not supported', () => {
  it.each<[string, Record<string, unknown>, Record<string, readonly number[]> | undefined, RegExp]>([
    [
      'another model type',
      { 'config.json': { model_type: 'dinov2' } },
      undefined,
      /model_type "dinov2": TiTok, .* are supported/,
    ],
    ['an unknown config', { 'config.json': { foo: 1, bar: 2 } }, undefined, /no known form \(foo, bar\)/],
    ['a config that is a list', { 'config.json': [] }, undefined, /no known form/],
    [
      'CLIP under Hugging Face names',
      { 'config.json': { model_type: 'clip', vision_config: {}, text_config: {} } },
      undefined,
      /other than open_clip parameter names/,
    ],
    ['weights without any config', {}, undefined, /no config.json or open_clip_config.json/],
    [
      'TA-TiTok',
      { 'config.json': { model: { vq_model: {} } } },
      { 'decoder.text_guidance_proj.weight': [1] },
      /TA-TiTok/,
    ],
  ])('%s', async (_, files, tensors, pattern) => {
    const resolve = store.resolve(await folderOf(files, tensors));
    await expect(resolve).rejects.toThrow(UnknownArchitectureError);
    await expect(resolve).rejects.toThrow(pattern);
  });

  it('broken JSON, no weights, several weights, split weights', async () => {
    await expect(store.resolve(await folderOf({ 'config.json': '{' }))).rejects.toThrow(
      /config.json: content: it is no JSON \(bad syntax\)/,
    );
    const empty = join(root, 'empty');
    mkdirSync(empty);
    await expect(store.resolve(empty)).rejects.toThrow(/holds no weights \(such as model.safetensors\)/);
    writeFileSync(join(empty, 'model.safetensors.index.json'), '{}');
    await expect(store.resolve(empty)).rejects.toThrow(/split over several files/);
    rmSync(join(empty, 'model.safetensors.index.json'));
    writeFileSync(join(empty, 'a.bin'), '');
    writeFileSync(join(empty, 'b.safetensors'), '');
    await expect(store.resolve(empty)).rejects.toThrow(
      /several weight files \(a.bin, b.safetensors\), give the path of one/,
    );
    await expect(store.resolve(join(empty, 'b.safetensors'))).rejects.toThrow(CheckpointFormatError);
  });

  it('names that are nothing', async () => {
    await expect(store.resolve('vq-ll-23')).rejects.toThrow(UnknownModelError);
    await expect(store.resolve('vq-ll-23')).rejects.toThrow(/nearest models are vq-ll-32/);
    await expect(store.resolve('VQ-LL-32')).rejects.toThrow(ModelNotPulledError);
    await expect(store.resolve('yucornetto/tokenizer_titok_l32_imagenet')).rejects.toThrow(
      /tessera models pull vq-ll-32/,
    );
  });
});
