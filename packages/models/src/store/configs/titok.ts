// TiTok configs: the published config.json, completed from the checkpoint's shapes, in normal form.
import { z } from 'zod';
import type { TiTokConfig, TransformerShape } from '../../architectures.ts';
import { ModelConfigError } from '../errors.ts';
import { parseConfig } from './parse.ts';
import { blockCount, dimension, type TensorNames } from './tensors.ts';
import { deriveVqganConfig } from './vqgan.ts';

/** Named sizes of the 1D repository (modeling/modules/blocks.py). */
const sizes: Readonly<Record<'small' | 'base' | 'large', TransformerShape>> = {
  small: { width: 512, layers: 8, heads: 8 },
  base: { width: 768, layers: 12, heads: 12 },
  large: { width: 1024, layers: 24, heads: 16 },
};

const count = z.int().positive();
const size = z.enum(['small', 'base', 'large']);

/** config.json of the TiTok repositories; widths, layers, `num_heads` and the head's kernel size are our extension. */
export const TiTokFile = z.looseObject({
  model: z.looseObject({
    vq_model: z.looseObject({
      codebook_size: count.optional(),
      token_size: count,
      use_l2_norm: z.boolean().default(false),
      vit_enc_model_size: size.optional(),
      vit_dec_model_size: size.optional(),
      vit_enc_width: count.optional(),
      vit_dec_width: count.optional(),
      vit_enc_layers: count.optional(),
      vit_dec_layers: count.optional(),
      num_heads: count.optional(),
      vit_enc_patch_size: count,
      vit_dec_patch_size: count,
      vit_dec_head_kernel_size: z.literal([1, 3]).default(1),
      num_latent_tokens: count,
      finetune_decoder: z.boolean().default(true),
      is_legacy: z.boolean().default(true),
      quantize_mode: z.enum(['vq', 'vae']).default('vq'),
    }),
  }),
  dataset: z.looseObject({ preprocessing: z.looseObject({ crop_size: count }) }),
});

export interface TiTokOptions {
  /** Heads of both transformers, where neither config nor named size tells them. */
  readonly heads?: number;
}

/** @throws ModelConfigError */
export function parseTiTokConfig(file: string, json: unknown, tensors: TensorNames, o: TiTokOptions = {}): TiTokConfig {
  const config = parseConfig(file, TiTokFile, json);
  const m = config.model.vq_model;
  const imageSize = config.dataset.preprocessing.crop_size;
  const wrong = (field: string, fault: string) => new ModelConfigError(file, `model.vq_model.${field}`, fault);
  for (const field of ['vit_enc_patch_size', 'vit_dec_patch_size'] as const) {
    if (imageSize % m[field] !== 0) throw wrong(field, `${m[field]} does not divide the image size ${imageSize}`);
  }
  // A legacy decoder gives code logits, which only a VQGAN decoder turns into pixels.
  if (m.is_legacy && !m.finetune_decoder)
    throw wrong(
      'is_legacy',
      'true with finetune_decoder false gives no image, published models have both true or both false',
    );
  if (m.finetune_decoder && m.quantize_mode === 'vae')
    throw wrong('quantize_mode', '"vae" with finetune_decoder is not defined by TiTok');
  if (m.finetune_decoder && m.vit_dec_head_kernel_size !== 1)
    throw wrong('vit_dec_head_kernel_size', '3 is defined for the pixel head only (finetune_decoder false)');
  if (m.quantize_mode === 'vq' && m.codebook_size === undefined)
    throw wrong('codebook_size', 'a VQ tokenizer needs it');
  const heads = o.heads ?? m.num_heads;
  const side = (name: 'encoder' | 'decoder', field: 'vit_enc' | 'vit_dec') =>
    transformer(
      tensors,
      name,
      { named: m[`${field}_model_size`], width: m[`${field}_width`], layers: m[`${field}_layers`], heads },
      (fault) => wrong(`${field}_model_size`, fault),
    );
  const base: TiTokConfig = {
    imageSize,
    encoderPatch: m.vit_enc_patch_size,
    decoderPatch: m.vit_dec_patch_size,
    tokens: m.num_latent_tokens,
    channels: m.token_size,
    quantiser: m.quantize_mode,
    codebookSize: m.quantize_mode === 'vq' ? (m.codebook_size ?? 0) : 0,
    l2Norm: m.quantize_mode === 'vq' && m.use_l2_norm,
    legacyReshape: m.is_legacy,
    head: m.finetune_decoder ? 'vqgan' : 'pixel',
    headKernel: m.vit_dec_head_kernel_size,
    encoder: side('encoder', 'vit_enc'),
    decoder: side('decoder', 'vit_dec'),
  };
  if (base.head === 'pixel') return base;
  const vqgan = deriveVqganConfig(
    file,
    tensors,
    { decoder: 'pixel_decoder.', codebook: 'pixel_quantize.embedding.weight' },
    imageSize,
  );
  const scale = 2 ** (vqgan.channelMult.length - 1);
  if (scale !== base.decoderPatch)
    throw wrong('vit_dec_patch_size', `${base.decoderPatch} differs from the pixel decoder's enlargement ${scale}`);
  return { ...base, vqgan };
}

interface Stated {
  readonly named: keyof typeof sizes | undefined;
  readonly width: number | undefined;
  readonly layers: number | undefined;
  readonly heads: number | undefined;
}

/** Explicit numbers first, then the checkpoint's shapes, then the named size; heads cannot be seen in shapes. */
function transformer(
  tensors: TensorNames,
  side: string,
  { named, width, layers, heads }: Stated,
  wrong: (fault: string) => Error,
): TransformerShape {
  const table = named ? sizes[named] : undefined;
  const w = width ?? dimension(tensors, `${side}.ln_pre.weight`, 0) ?? table?.width;
  const l = layers ?? (blockCount(tensors, `${side}.transformer.`) || table?.layers);
  if (w === undefined || l === undefined) throw wrong(`the ${side}'s size is given by neither config nor checkpoint`);
  const h = heads ?? (table?.width === w ? table.heads : undefined);
  if (h === undefined)
    throw wrong(
      `the ${side} is ${w} wide, which is no named size (small 512, base 768, large 1024): give \`num_heads\` in the config`,
    );
  if (w % h !== 0) throw wrong(`${h} heads do not divide the ${side}'s width ${w}`);
  return { width: w, layers: l, heads: h };
}
