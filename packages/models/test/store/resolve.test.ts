// From an id or a folder to kind, config in normal form and files: the golden models, the pocket models, and everything unusual.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CheckpointFormatError } from '../../src/checkpoints/errors.ts';
import { saveSafetensors, type TensorData } from '../../src/checkpoints/safetensors-writer.ts';
import { defaultModelsDirectory } from '../../src/store/directory.ts';
import {
  ModelConfigError,
  ModelNotPulledError,
  UnknownArchitectureError,
  UnknownModelError,
} from '../../src/store/errors.ts';
import { ModelStore } from '../../src/store/model-store.ts';
import { findModel, models } from '../../src/store/registry.ts';

const golden = join(import.meta.dirname, '../../../parity/fixtures/golden');
const pocket = join(import.meta.dirname, '../../../pocket/models');
const root = mkdtempSync(join(tmpdir(), 'tessera-resolve-'));
afterAll(() => rmSync(root, { recursive: true }));
const store = new ModelStore({
  directory: join(root, 'store'),
  embedded: {
    'pocket-32': join(pocket, 'tokenizer'),
    'pocket-clip': join(pocket, 'clip'),
    'pocket-siglip': join(pocket, 'siglip'),
  },
});

let made = 0;
/** A model folder with the given files; objects become JSON, `tensors` a safetensors file of zeros. */
async function folderOf(
  files: Record<string, unknown>,
  tensors: Record<string, readonly number[]> = { a: [1] },
): Promise<string> {
  const folder = join(root, `made-${made++}`);
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  const data = Object.entries(tensors).map(([name, shape]): [string, TensorData] => [
    name,
    { shape, data: new Uint8Array(shape.reduce((n, d) => n * d, 1)) },
  ]);
  await saveSafetensors(join(folder, 'model.safetensors'), Object.fromEntries(data));
  return folder;
}

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

describe('published configs', () => {
  const shapes = (width: number, layers: number) =>
    Object.fromEntries([
      ['ln_pre.weight', [width]],
      ...Array.from({ length: layers }, (_, i) => [`transformer.${i}.ln_1.weight`, [width]]),
    ] as [string, number[]][]);
  const sides = (encoder: Record<string, number[]>, decoder: Record<string, number[]>) =>
    Object.fromEntries([
      ...Object.entries(encoder).map(([k, v]) => [`encoder.${k}`, v]),
      ...Object.entries(decoder).map(([k, v]) => [`decoder.${k}`, v]),
    ]) as Record<string, number[]>;
  const titokConfig = (vq_model: object) => ({
    model: {
      vq_model: {
        token_size: 12,
        codebook_size: 4096,
        vit_enc_patch_size: 16,
        vit_dec_patch_size: 16,
        num_latent_tokens: 32,
        ...vq_model,
      },
    },
    dataset: { preprocessing: { crop_size: 256 } },
  });

  it.each(models.filter((m) => m.kind === 'titok' && m.config).map((m) => [m.id, m] as const))(
    "%s: the registry's own config is complete",
    async (id, entry) => {
      // Named sizes only: the folder has no tensors that tell widths, except for a VQGAN head's, which real checkpoints have.
      const head = {
        'pixel_quantize.embedding.weight': [1024, 256],
        'pixel_decoder.conv_in.weight': [512, 256, 3, 3],
        ...Object.fromEntries(
          [1, 1, 2, 2, 4].flatMap((m, i) =>
            [0, 1].map((b) => [`pixel_decoder.up.${i}.block.${b}.conv2.weight`, [128 * m, 1]]),
          ),
        ),
      };
      const { config } = await store.resolve(await folderOf({ 'config.json': entry.config }, head));
      expect(config).toMatchObject({
        imageSize: 256,
        encoderPatch: 16,
        decoderPatch: 16,
        tokens: Number(/\d+$/.exec(id)?.[0]),
        head: id.startsWith('vq-') && !/vq-(bl|sl)/.test(id) ? 'vqgan' : 'pixel',
      });
      const sizes = { s: 512, b: 768, l: 1024 };
      const [, form] = id.split('-');
      expect(config).toMatchObject({
        encoder: { width: sizes[form?.[0] as 's'] },
        decoder: { width: sizes[form?.at(-1) as 's'] },
      });
      if ('vqgan' in config)
        expect(config.vqgan).toEqual({
          hiddenChannels: 128,
          channelMult: [1, 1, 2, 2, 4],
          resBlocks: 2,
          zChannels: 256,
          codes: 1024,
          imageSize: 256,
        });
    },
  );

  it('takes shapes over a named size, explicit numbers over shapes', async () => {
    const tensors = sides(shapes(96, 3), shapes(192, 4));
    const pixel = { finetune_decoder: false, is_legacy: false };
    const byShape = await store.resolve(
      await folderOf({ 'config.json': titokConfig({ ...pixel, vit_enc_model_size: 'large', num_heads: 6 }) }, tensors),
    );
    expect(byShape.config).toMatchObject({
      encoder: { width: 96, layers: 3, heads: 6 },
      decoder: { width: 192, layers: 4, heads: 6 },
    });
    const explicit = await store.resolve(
      await folderOf(
        { 'config.json': titokConfig({ ...pixel, vit_enc_width: 120, vit_enc_layers: 9, num_heads: 6 }) },
        tensors,
      ),
    );
    expect(explicit.config).toMatchObject({ encoder: { width: 120, layers: 9 } });
  });

  it('open_clip as the hub nests it, with its own normalisation, and Hugging Face defaults', async () => {
    const model_cfg = {
      embed_dim: 512,
      vision_cfg: { image_size: 224, layers: 12, width: 768, patch_size: 32 },
      text_cfg: { context_length: 77, vocab_size: 49408, width: 512, heads: 8, layers: 12 },
    };
    const tensors = { 'visual.conv1.weight': [1] };
    const nested = await store.resolve(
      await folderOf(
        {
          'open_clip_config.json': { model_cfg, preprocess_cfg: { mean: [0, 0, 0], std: [1, 1, 1] } },
          'config.json': { model_type: 'clip' },
        },
        tensors,
      ),
    );
    expect(nested.config).toMatchObject({
      activation: 'gelu',
      image: { heads: 12, mean: [0, 0, 0], std: [1, 1, 1] },
      text: { vocabSize: 49408 },
    });
    const hf = await store.resolve(
      await folderOf(
        { 'config.json': { model_type: 'clip', vision_config: { patch_size: 16 }, text_config: {} } },
        tensors,
      ),
    );
    expect(hf.config).toMatchObject({
      activation: 'quick_gelu',
      embedDim: 512,
      image: { width: 768, patchSize: 16, heads: 12 },
      text: { width: 512, heads: 8 },
    });
    const siglip = await store.resolve(
      await folderOf({
        'config.json': { model_type: 'siglip', vision_config: { model_type: 'siglip_vision_model' }, text_config: {} },
        'tokenizer.json': {},
      }),
    );
    expect(siglip.config).toMatchObject({
      image: { width: 768, layers: 12, patchSize: 16, imageSize: 224 },
      text: { contextLength: 64, vocabSize: 32000 },
    });
    expect(siglip.tokenizerFiles.definition).toContain('tokenizer.json');
  });

  it('OpenAI archives without a config, by their shapes', async () => {
    const block = (prefix: string, n: number) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`${prefix}${i}.ln_1.weight`, [1]]));
    const { config } = await store.resolve(
      await folderOf(
        {},
        {
          'visual.conv1.weight': [128, 3, 4, 4],
          'visual.positional_embedding': [50, 128],
          'ln_final.weight': [64],
          text_projection: [64, 32],
          positional_embedding: [77, 64],
          'token_embedding.weight': [100, 64],
          ...block('visual.transformer.resblocks.', 3),
          ...block('transformer.resblocks.', 2),
        },
      ),
    );
    expect(config).toMatchObject({
      activation: 'quick_gelu',
      embedDim: 32,
      image: { width: 128, layers: 3, heads: 2, patchSize: 4, imageSize: 28 },
      text: { width: 64, layers: 2, heads: 1, contextLength: 77, vocabSize: 100 },
    });
  });

  const contradictions: [string, object, RegExp][] = [
    [
      'legacy without a VQGAN',
      { finetune_decoder: false, is_legacy: true },
      /is_legacy: true with finetune_decoder false gives no image/,
    ],
    ['VAE with a VQGAN', { quantize_mode: 'vae' }, /quantize_mode: "vae" with finetune_decoder/],
    ['another quantiser', { quantize_mode: 'fsq' }, /model.vq_model.quantize_mode: /],
    [
      'no codebook',
      { codebook_size: undefined, finetune_decoder: false, is_legacy: false },
      /codebook_size: a VQ tokenizer needs it/,
    ],
    ['a decoder patch that does not divide', { vit_dec_patch_size: 24 }, /vit_dec_patch_size: 24 does not divide/],
    [
      'a patch that does not divide',
      { vit_enc_patch_size: 24, vit_dec_patch_size: 24 },
      /24 does not divide the image size 256/,
    ],
    ['another size name', { vit_enc_model_size: 'huge' }, /vit_enc_model_size: /],
    ['no tokens', { num_latent_tokens: 0 }, /num_latent_tokens: /],
    [
      'a VQGAN head without its tensors',
      { vit_enc_model_size: 'base', vit_dec_model_size: 'base' },
      /pixel_decoder.up.0: this level is missing/,
    ],
    ['no size at all', { finetune_decoder: false, is_legacy: false }, /encoder's size is given by neither/],
  ];
  it.each(contradictions)('%s', async (_, fields, pattern) => {
    const resolve = store.resolve(await folderOf({ 'config.json': titokConfig(fields) }));
    await expect(resolve).rejects.toThrow(ModelConfigError);
    await expect(resolve).rejects.toThrow(pattern);
    await expect(resolve).rejects.toThrow(/^[^\n]+$/);
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

describe('the registry', () => {
  it('lists every tokenizer and encoder of the paper once', async () => {
    const list = await store.list();
    expect(new Set(list.map((m) => m.id)).size).toBe(list.length);
    const repos = list.flatMap((m) => m.repo ?? []);
    for (const tail of [
      'l32',
      'b64',
      's128',
      'bl64_vq8k',
      'bl128_vq8k',
      'sl256_vq8k',
      'll32_vae_c16',
      'bl64_vae_c16',
      'bl128_vae_c16',
    ])
      expect(repos).toContain(`yucornetto/tokenizer_titok_${tail}_imagenet`);
    for (const repo of [
      'fun-research/TiTok',
      'laion/CLIP-ViT-B-32-laion2B-s34B-b79K',
      'google/siglip-base-patch16-224',
    ])
      expect(repos).toContain(repo);
    expect(list.filter((m) => m.state === 'embedded').map((m) => m.id)).toEqual([
      'pocket-32',
      'pocket-clip',
      'pocket-siglip',
    ]);
    expect(list.filter((m) => m.state !== 'embedded').every((m) => m.state === 'absent')).toBe(true);
  });

  it('pins a hash only together with a commit', () => {
    for (const m of models) if (m.files.some((f) => f.sha256)) expect(m.revision).toMatch(/^[0-9a-f]{40}$/);
  });

  it('has the true sizes of the embedded models', () => {
    for (const [id, folder] of [
      ['pocket-32', 'tokenizer'],
      ['pocket-clip', 'clip'],
      ['pocket-siglip', 'siglip'],
    ] as const) {
      const size = readFileSync(join(pocket, folder, 'model.safetensors')).length;
      expect(Math.abs((findModel(id)?.bytes ?? 0) / size - 1)).toBeLessThan(0.5);
    }
  });

  it('resolves a store folder whose files were copied by hand', async () => {
    cpSync(join(golden, 'siglip'), join(root, 'store/siglip-base-patch16-224'), { recursive: true });
    await expect(store.resolve('siglip-base-patch16-224')).rejects.toThrow(/tokenizer.json is missing/);
    writeFileSync(join(root, 'store/siglip-base-patch16-224/tokenizer.json'), '{}');
    expect(await store.resolve('siglip-base-patch16-224')).toMatchObject({ kind: 'siglip' });
    expect(await store.verify('siglip-base-patch16-224')).toMatchObject({ ok: false });
  });

  it('keeps models where the platform keeps data', () => {
    expect(defaultModelsDirectory({ TESSERA_MODELS: 'elsewhere' })).toBe('elsewhere');
    expect(defaultModelsDirectory({ XDG_DATA_HOME: 'data' }, 'linux')).toBe(join('data', 'tessera', 'models'));
    expect(defaultModelsDirectory({ LOCALAPPDATA: 'local' }, 'win32')).toBe(join('local', 'Tessera', 'models'));
    expect(defaultModelsDirectory({}, 'darwin')).toMatch(/Application Support/);
  });
});
