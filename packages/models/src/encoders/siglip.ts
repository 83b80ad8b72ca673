// SigLIP under Hugging Face's parameter names. Source: transformers, modeling_siglip.py.
import { f, type Value } from '@tessera/graph';
import type { SiglipConfig } from '../architectures.ts';
import { attend, packedAttention } from '../layers/attention.ts';
import { layerNorm, linear, rows } from '../layers/linear.ts';
import { normalise, patchEmbedding } from '../layers/patches.ts';
import { Parameters, type TensorSource } from '../parameters.ts';
import type { ImageTextEncoder } from './encoder.ts';
import { unit } from './unit.ts';

interface EncoderShape {
  readonly layers: number;
  readonly heads: number;
  readonly mlpWidth: number;
  readonly epsilon: number;
}

export function siglip(config: SiglipConfig, checkpoint: TensorSource): ImageTextEncoder {
  const { image, text } = config;
  const encodeNormalisedImage: ImageTextEncoder['encodeNormalisedImage'] = (g, pixels, dtype = 'float32') =>
    unit(imageTower(new Parameters(g, checkpoint, dtype).scope('vision_model'), config, f.cast(pixels, dtype)));
  return {
    kind: 'siglip',
    imageSize: image.imageSize,
    embedDim: image.width,
    contextLength: text.contextLength,
    encodeImage: (g, pixels, dtype = 'float32') =>
      encodeNormalisedImage(g, normalise(f.cast(pixels, dtype), image), dtype),
    encodeNormalisedImage,
    encodeText: (g, ids) => unit(textTower(new Parameters(g, checkpoint).scope('text_model'), config, ids)),
    score(g, similarity) {
      const p = new Parameters(g, checkpoint);
      return f.add(f.mul(similarity, f.exp(p.get('logit_scale', [1]))), p.get('logit_bias', [1]));
    },
  };
}

function imageTower(p: Parameters, config: SiglipConfig, image: Value): Value {
  const { width, patchSize } = config.image;
  const patches = patchEmbedding(p.scope('embeddings.patch_embedding'), image, patchSize, width, { bias: true });
  const sequence = f.add(patches, p.get('embeddings.position_embedding.weight', [patches.shape[1]!, width]));
  const shape = { ...config.image, epsilon: config.epsilon };
  const mixed = encoder(p.scope('encoder.layers'), sequence, shape);
  return attentionPool(p.scope('head'), layerNorm(p.scope('post_layernorm'), mixed, config.epsilon), shape);
}

/** A learnt query attends over all positions: [B, L, W] to [B, W]. */
function attentionPool(p: Parameters, x: Value, shape: EncoderShape): Value {
  const [batch, , width] = x.shape as [number, number, number];
  const queries = f.expand(p.get('probe', [1, 1, width]), [batch, 1, width]);
  const pooled = packedAttention(p.scope('attention'), x, shape.heads, { queries });
  return f.add(pooled, mlp(p.scope('mlp'), layerNorm(p.scope('layernorm'), pooled, shape.epsilon), shape.mlpWidth));
}

function textTower(p: Parameters, config: SiglipConfig, ids: Value): Value {
  const { width, contextLength, vocabSize } = config.text;
  const embedded = f.gather(p.get('embeddings.token_embedding.weight', [vocabSize, width]), ids);
  const sequence = f.add(embedded, p.get('embeddings.position_embedding.weight', [contextLength, width]));
  const mixed = encoder(p.scope('encoder.layers'), sequence, { ...config.text, epsilon: config.epsilon });
  const normal = layerNorm(p.scope('final_layer_norm'), mixed, config.epsilon);
  const last = f.reshape(f.slice(normal, 1, contextLength - 1, contextLength), [ids.shape[0]!, width]);
  return linear(p.scope('head'), last, width);
}

function encoder(p: Parameters, x: Value, shape: EncoderShape): Value {
  let y = x;
  for (let i = 0; i < shape.layers; i++) y = encoderLayer(p.scope(`${i}`), y, shape);
  return y;
}

function encoderLayer(p: Parameters, x: Value, { heads, mlpWidth, epsilon }: EncoderShape): Value {
  const width = x.shape[2]!;
  const normal = rows(layerNorm(p.scope('layer_norm1'), x, epsilon));
  const project = (name: string) => f.reshape(linear(p.scope(`self_attn.${name}`), normal, width), x.shape);
  const mixed = attend(project('q_proj'), project('k_proj'), project('v_proj'), heads);
  const y = f.add(rows(x), linear(p.scope('self_attn.out_proj'), mixed, width));
  const out = f.add(y, mlp(p.scope('mlp'), layerNorm(p.scope('layer_norm2'), y, epsilon), mlpWidth));
  return f.reshape(out, x.shape);
}

function mlp(p: Parameters, x: Value, hidden: number): Value {
  return linear(p.scope('fc2'), f.geluTanh(linear(p.scope('fc1'), x, hidden)), x.shape[1]!);
}
