// TiTok's encoder: image patches and latent tokens through one transformer. Source: 1d-tokenizer, modeling/modules/blocks.py.
import { f, type Value } from '@tessera/graph';
import type { TiTokConfig } from '../architectures.ts';
import { layerNorm, pointwise } from '../layers/linear.ts';
import { patchEmbedding } from '../layers/patches.ts';
import { EPSILON, transformer } from '../layers/transformer.ts';
import type { Parameters } from '../parameters.ts';

/** Image [B, 3, S, S] to latents [B, tokens, latentChannels]. `p` is the root scope. */
export function titokEncode(p: Parameters, config: TiTokConfig, image: Value): Value {
  const { width, layers, heads } = config.encoder;
  const { tokens, encoderPatch } = config;
  const batch = image.shape[0]!;
  const e = p.scope('encoder');
  const patches = patchEmbedding(e.scope('patch_embed'), image, encoderPatch, width, { bias: true });
  const grid = patches.shape[1]!;
  const wide = (x: Value, n: number) => f.expand(f.reshape(x, [1, n, width]), [batch, n, width]);
  const positioned = f.add(
    f.concat([wide(e.get('class_embedding', [1, width]), 1), patches], 1),
    e.get('positional_embedding', [grid + 1, width]),
  );
  const queries = f.add(
    p.get('latent_tokens', [tokens, width]),
    e.get('latent_token_positional_embedding', [tokens, width]),
  );
  const sequence = layerNorm(e.scope('ln_pre'), f.concat([positioned, wide(queries, tokens)], 1), EPSILON);
  const keep = { start: grid + 1, end: grid + 1 + tokens };
  const latents = transformer(e.scope('transformer'), sequence, { layers, heads, activation: f.gelu, keep });
  const normal = layerNorm(e.scope('ln_post'), latents, EPSILON);
  const channels = config.quantiser === 'vae' ? 2 * config.channels : config.channels;
  const columns = config.legacyReshape ? legacyColumns(normal) : normal;
  const out = pointwise(e.scope('conv_out'), f.reshape(columns, [batch * tokens, width]), channels);
  return f.reshape(out, [batch, tokens, channels]);
}

/**
 * Legacy checkpoints were trained with [tokens, width] *reshaped* to [width, tokens] before the last convolution.
 * The released weights depend on it.
 */
function legacyColumns(x: Value): Value {
  const [batch, tokens, width] = x.shape as [number, number, number];
  return f.transpose(f.reshape(x, [batch, width, tokens]), [0, 2, 1]);
}
