// CLIP under open_clip's parameter names (also OpenAI's weights, with QuickGELU). Source: open_clip, transformer.py.
import { f, type Graph, type Value } from '@tessera/graph';
import type { ClipConfig } from '../architectures.ts';
import { layerNorm } from '../layers/linear.ts';
import { normalise, patchEmbedding } from '../layers/patches.ts';
import { EPSILON, transformer } from '../layers/transformer.ts';
import { Parameters, type TensorSource } from '../parameters.ts';
import type { ImageTextEncoder } from './encoder.ts';
import { unit } from './unit.ts';

export function clip(config: ClipConfig, checkpoint: TensorSource): ImageTextEncoder {
  const { embedDim, image, text } = config;
  const encodeNormalisedImage: ImageTextEncoder['encodeNormalisedImage'] = (g, pixels, dtype = 'float32') =>
    unit(imageTower(new Parameters(g, checkpoint, dtype).scope('visual'), config, f.cast(pixels, dtype)));
  return {
    kind: 'clip',
    imageSize: image.imageSize,
    embedDim,
    contextLength: text.contextLength,
    encodeImage: (g, pixels, dtype = 'float32') =>
      encodeNormalisedImage(g, normalise(f.cast(pixels, dtype), image), dtype),
    encodeNormalisedImage,
    encodeText: (g, ids) => unit(textTower(new Parameters(g, checkpoint), config, ids)),
    score: (_g, similarity) => similarity,
  };
}

const activation = (config: ClipConfig) => (config.activation === 'gelu' ? f.gelu : f.quickGelu);

function imageTower(p: Parameters, config: ClipConfig, image: Value): Value {
  const { width, layers, heads, patchSize } = config.image;
  const batch = image.shape[0]!;
  const patches = patchEmbedding(p.scope('conv1'), image, patchSize, width, { bias: false });
  const positions = patches.shape[1]! + 1;
  const first = f.expand(f.reshape(p.get('class_embedding', [width]), [1, 1, width]), [batch, 1, width]);
  const sequence = f.add(f.concat([first, patches], 1), p.get('positional_embedding', [positions, width]));
  const normal = layerNorm(p.scope('ln_pre'), sequence, EPSILON);
  // Only the class token is read, so the last layer computes only that row.
  const keep = { start: 0, end: 1 };
  const pooled = transformer(p.scope('transformer.resblocks'), normal, {
    layers,
    heads,
    activation: activation(config),
    keep,
  });
  const features = layerNorm(p.scope('ln_post'), f.reshape(pooled, [batch, width]), EPSILON);
  return f.gemm(features, p.get('proj', [width, config.embedDim]));
}

function textTower(p: Parameters, config: ClipConfig, ids: Value): Value {
  const { width, layers, heads, contextLength, vocabSize } = config.text;
  const embedded = f.gather(p.get('token_embedding.weight', [vocabSize, width]), ids);
  const sequence = f.add(embedded, p.get('positional_embedding', [contextLength, width]));
  const mask = causalMask(p.graph, contextLength);
  const mixed = transformer(p.scope('transformer.resblocks'), sequence, {
    layers,
    heads,
    activation: activation(config),
    mask,
  });
  const normal = layerNorm(p.scope('ln_final'), mixed, EPSILON);
  return f.gemm(atEndOfText(normal, ids), p.get('text_projection', [width, config.embedDim]));
}

/** The row at the end-of-text token, which has the highest id: [B, L, W] to [B, W]. */
function atEndOfText(x: Value, ids: Value): Value {
  const [batch, length, width] = x.shape as [number, number, number];
  const end = f.argMax(f.cast(ids, 'float32'), 1);
  const picks = f.reshape(f.oneHot(end, length, x.dtype), [batch, 1, length]);
  return f.reshape(f.matmul(picks, x), [batch, width]);
}

/** Zero on and below the diagonal; above it, a score that no softmax lets through. */
function causalMask(g: Graph, length: number): Value {
  const values = Array.from({ length: length * length }, (_, i) => (i % length > Math.floor(i / length) ? -1e9 : 0));
  return g.constant(values, [length, length]);
}
