// TiTok's decoder: mask tokens and latent tokens through one transformer, then one of two heads.
// Source: 1d-tokenizer, modeling/modules/blocks.py and modeling/titok.py.
import { f, type Value } from '@tessera/graph';
import type { TiTokConfig, VqganConfig } from '../architectures.ts';
import { conv3x3, conv3x3Rows } from '../layers/convolution.ts';
import { layerNorm, linear, pointwise, rows } from '../layers/linear.ts';
import { foldPatches } from '../layers/patches.ts';
import { EPSILON, transformer } from '../layers/transformer.ts';
import type { Parameters } from '../parameters.ts';
import { vqganDecode } from './vqgan-decoder.ts';

/** Token vectors [B, tokens, channels] to images [B, 3, S, S]. `p` is the root scope. */
export function titokDecode(p: Parameters, config: TiTokConfig, vectors: Value): Value {
  const batch = vectors.shape[0]!;
  const grid = config.imageSize / config.decoderPatch;
  const features = decoderFeatures(p.scope('decoder'), config, vectors, grid * grid);
  if (config.head === 'pixel') return pixelHead(p.scope('decoder'), config, features, batch, grid);
  return vqganHead(p, config.vqgan!, features, batch, grid);
}

/** Normalised features of the image positions, [B * positions, width]. */
function decoderFeatures(d: Parameters, config: TiTokConfig, vectors: Value, positions: number): Value {
  const { width, layers, heads } = config.decoder;
  const [batch, tokens] = vectors.shape as [number, number];
  const embedded = f.reshape(linear(d.scope('decoder_embed'), rows(vectors), width), [batch, tokens, width]);
  const latents = f.add(embedded, d.get('latent_token_positional_embedding', [tokens, width]));
  const mask = f.expand(f.reshape(d.get('mask_token', [1, 1, width]), [1, width]), [positions, width]);
  const queries = f.add(
    f.concat([d.get('class_embedding', [1, width]), mask], 0),
    d.get('positional_embedding', [positions + 1, width]),
  );
  const expanded = f.expand(f.reshape(queries, [1, positions + 1, width]), [batch, positions + 1, width]);
  const sequence = layerNorm(d.scope('ln_pre'), f.concat([expanded, latents], 1), EPSILON);
  const keep = { start: 1, end: 1 + positions };
  const features = transformer(d.scope('transformer'), sequence, { layers, heads, activation: f.gelu, keep });
  return rows(layerNorm(d.scope('ln_post'), features, EPSILON));
}

function pixelHead(d: Parameters, config: TiTokConfig, features: Value, batch: number, grid: number): Value {
  const patch = config.decoderPatch;
  const ffn = d.scope('ffn.0');
  const out = patch * patch * 3;
  const pixels =
    config.headKernel === 1 ? pointwise(ffn, features, out) : conv3x3Rows(ffn, features, { batch, grid, out });
  return conv3x3(d.scope('conv_out'), foldPatches(pixels, batch, grid, patch, 3), 3, { bias: true });
}

/** Softmax over the VQGAN's codes, the expected code vector, and the VQGAN's decoder. */
function vqganHead(p: Parameters, config: VqganConfig, features: Value, batch: number, grid: number): Value {
  const hidden = f.tanh(pointwise(p.scope('decoder.ffn.0'), features, 2 * features.shape[1]!));
  const logits = pointwise(p.scope('decoder.ffn.2'), hidden, config.codes);
  const table = p.get('pixel_quantize.embedding.weight', [config.codes, config.zChannels]);
  const expected = f.gemm(f.softmax(logits), table);
  const planes = f.transpose(f.reshape(expected, [batch, grid, grid, config.zChannels]), [0, 3, 1, 2]);
  return vqganDecode(p.scope('pixel_decoder'), config, planes);
}
