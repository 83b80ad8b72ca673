// Configs as they are published, in normal form: named sizes, shapes, nesting, defaults, and contradictions.
import { describe, expect, it } from 'vitest';
import { ModelConfigError } from '../../src/store/errors.ts';
import { models } from '../../src/store/registry.ts';
import { useModelFolders } from '../support/model-folders.ts';

const { folderOf, store } = useModelFolders();

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
