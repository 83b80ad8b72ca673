// SigLIP configs: Hugging Face's config.json, with the defaults of its configuration classes, in normal form.
import { z } from 'zod';
import type { SiglipConfig } from '../../architectures.ts';
import { ModelConfigError } from '../errors.ts';
import { checkHeads, checkPatches, parseConfig } from './parse.ts';

const count = z.int().positive();
const triple = z.tuple([z.number(), z.number(), z.number()]);
const tower = {
  hidden_size: count.default(768),
  intermediate_size: count.default(3072),
  num_hidden_layers: count.default(12),
  num_attention_heads: count.default(12),
  hidden_act: z.literal('gelu_pytorch_tanh').default('gelu_pytorch_tanh'),
  layer_norm_eps: z.number().positive().default(1e-6),
};

export const SiglipFile = z.looseObject({
  model_type: z.literal('siglip'),
  vision_config: z.looseObject({ ...tower, image_size: count.default(224), patch_size: count.default(16) }),
  text_config: z.looseObject({
    ...tower,
    max_position_embeddings: count.default(64),
    vocab_size: count.default(32_000),
  }),
  /** preprocessor_config.json has these; the published models all use 0.5. */
  image_mean: triple.default([0.5, 0.5, 0.5]),
  image_std: triple.default([0.5, 0.5, 0.5]),
});

/** @throws ModelConfigError */
export function parseSiglipConfig(file: string, json: unknown): SiglipConfig {
  const { vision_config: v, text_config: t, image_mean, image_std } = parseConfig(file, SiglipFile, json);
  if (v.layer_norm_eps !== t.layer_norm_eps)
    throw new ModelConfigError(file, 'layer_norm_eps', 'it differs between the towers, which is not supported');
  for (const [field, c] of [
    ['vision_config', v],
    ['text_config', t],
  ] as const) {
    checkHeads(file, `${field}.num_attention_heads`, c.num_attention_heads, c.hidden_size);
  }
  checkPatches(file, 'vision_config', v.image_size, v.patch_size);
  return {
    epsilon: v.layer_norm_eps,
    image: {
      width: v.hidden_size,
      layers: v.num_hidden_layers,
      heads: v.num_attention_heads,
      mlpWidth: v.intermediate_size,
      imageSize: v.image_size,
      patchSize: v.patch_size,
      mean: image_mean,
      std: image_std,
    },
    text: {
      width: t.hidden_size,
      layers: t.num_hidden_layers,
      heads: t.num_attention_heads,
      mlpWidth: t.intermediate_size,
      contextLength: t.max_position_embeddings,
      vocabSize: t.vocab_size,
    },
  };
}
