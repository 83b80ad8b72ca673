// CLIP configs: open_clip's (flat, or nested as on the hub), Hugging Face's, or none at all, in normal form.
import { z } from 'zod';
import { type ClipConfig, OPENAI_NORMALISATION } from '../../architectures.ts';
import { ModelConfigError } from '../errors.ts';
import { checkHeads, checkPatches, parseConfig } from './parse.ts';
import { blockCount, dimension, type TensorNames } from './tensors.ts';

const count = z.int().positive();
const triple = z.tuple([z.number(), z.number(), z.number()]);

/** Inner form of open_clip_config.json; towers that are no plain ViT and text transformer name themselves with other fields. */
const OpenClipModel = z.looseObject({
  embed_dim: count,
  quick_gelu: z.boolean().default(false),
  vision_cfg: z.looseObject({
    image_size: count,
    layers: count,
    width: count,
    head_width: count.default(64),
    patch_size: count,
  }),
  text_cfg: z.looseObject({
    context_length: count.default(77),
    vocab_size: count.default(49_408),
    width: count.default(512),
    heads: count.default(8),
    layers: count.default(12),
  }),
});

export const OpenClipFile = z.union([
  z.looseObject({
    model_cfg: OpenClipModel,
    preprocess_cfg: z.looseObject({ mean: triple.optional(), std: triple.optional() }).default({}),
  }),
  OpenClipModel.transform((model_cfg) => ({ model_cfg, preprocess_cfg: {} })),
]);

/** config.json of Hugging Face's CLIPModel, with the defaults of its configuration class. */
export const HuggingFaceClipFile = z.looseObject({
  model_type: z.literal('clip'),
  projection_dim: count.default(512),
  vision_config: z.looseObject({
    hidden_size: count.default(768),
    num_hidden_layers: count.default(12),
    num_attention_heads: count.default(12),
    image_size: count.default(224),
    patch_size: count.default(32),
    hidden_act: z.enum(['gelu', 'quick_gelu']).default('quick_gelu'),
  }),
  text_config: z.looseObject({
    hidden_size: count.default(512),
    num_hidden_layers: count.default(12),
    num_attention_heads: count.default(8),
    max_position_embeddings: count.default(77),
    vocab_size: count.default(49_408),
  }),
});

/** @throws ModelConfigError */
export function parseClipConfig(file: string, json: unknown): ClipConfig {
  const nested = typeof json === 'object' && json !== null && 'model_cfg' in json;
  if (typeof json === 'object' && json !== null && 'model_type' in json) return fromHuggingFace(file, json);
  // One member of the union at a time: a complaint about a field says more than "matches no form".
  const { model_cfg: m, preprocess_cfg: p } = parseConfig(file, OpenClipFile.options[nested ? 0 : 1], json);
  const { vision_cfg: v, text_cfg: t } = m;
  checkHeads(file, 'vision_cfg.head_width', v.head_width, v.width);
  checkHeads(file, 'text_cfg.heads', t.heads, t.width);
  checkPatches(file, 'vision_cfg', v.image_size, v.patch_size);
  return {
    embedDim: m.embed_dim,
    activation: m.quick_gelu ? 'quick_gelu' : 'gelu',
    image: {
      width: v.width,
      layers: v.layers,
      heads: v.width / v.head_width,
      imageSize: v.image_size,
      patchSize: v.patch_size,
      mean: 'mean' in p && p.mean ? p.mean : OPENAI_NORMALISATION.mean,
      std: 'std' in p && p.std ? p.std : OPENAI_NORMALISATION.std,
    },
    text: {
      width: t.width,
      layers: t.layers,
      heads: t.heads,
      contextLength: t.context_length,
      vocabSize: t.vocab_size,
    },
  };
}

function fromHuggingFace(file: string, json: unknown): ClipConfig {
  const { projection_dim, vision_config: v, text_config: t } = parseConfig(file, HuggingFaceClipFile, json);
  checkPatches(file, 'vision_config', v.image_size, v.patch_size);
  for (const [field, c] of [
    ['vision_config', v],
    ['text_config', t],
  ] as const) {
    checkHeads(file, `${field}.num_attention_heads`, c.num_attention_heads, c.hidden_size);
  }
  return {
    embedDim: projection_dim,
    activation: v.hidden_act,
    image: {
      width: v.hidden_size,
      layers: v.num_hidden_layers,
      heads: v.num_attention_heads,
      imageSize: v.image_size,
      patchSize: v.patch_size,
      ...OPENAI_NORMALISATION,
    },
    text: {
      width: t.hidden_size,
      layers: t.num_hidden_layers,
      heads: t.num_attention_heads,
      contextLength: t.max_position_embeddings,
      vocabSize: t.vocab_size,
    },
  };
}

/**
 * The config of a checkpoint that comes without one, such as OpenAI's archives: shapes tell all but the heads (64 channels each in
 * every CLIP ViT) and the activation (QuickGELU for OpenAI's weights). Source: OpenAI CLIP, model.py, build_model.
 * @throws ModelConfigError
 */
export function deriveClipConfig(file: string, tensors: TensorNames): ClipConfig {
  const need = (name: string, axis: number) => {
    const n = dimension(tensors, name, axis);
    if (n === undefined)
      throw new ModelConfigError(file, name, 'this tensor is missing, a CLIP ViT under open_clip names has it');
    return n;
  };
  const width = need('visual.conv1.weight', 0);
  const patchSize = need('visual.conv1.weight', 2);
  const grid = Math.sqrt(need('visual.positional_embedding', 0) - 1);
  const textWidth = need('ln_final.weight', 0);
  if (!Number.isInteger(grid) || width % 64 !== 0 || textWidth % 64 !== 0)
    throw new ModelConfigError(file, 'shapes', 'they are not those of a CLIP ViT, add its open_clip_config.json');
  return {
    embedDim: need('text_projection', 1),
    activation: 'quick_gelu',
    image: {
      width,
      layers: blockCount(tensors, 'visual.transformer.resblocks.'),
      heads: width / 64,
      imageSize: grid * patchSize,
      patchSize,
      ...OPENAI_NORMALISATION,
    },
    text: {
      width: textWidth,
      layers: blockCount(tensors, 'transformer.resblocks.'),
      heads: textWidth / 64,
      contextLength: need('positional_embedding', 0),
      vocabSize: need('token_embedding.weight', 0),
    },
  };
}
