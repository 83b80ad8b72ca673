// The graphs around a step: images to tokens, latents to tokens, tokens to frames, and the token reset of inpainting.
import { type FloatDType, f, Graph, type OnnxModel, toOnnx, type Value } from '@tessera/graph';
import type { Tokenizer } from '@tessera/models';
import { toFrame } from './frame.ts';

/** image [1, 3, S, S] to latents [1, tokens, latentChannels], vectors [1, tokens, channels] and, with a codebook, indices. */
export function buildEncode(tokenizer: Tokenizer, dtype: FloatDType): OnnxModel {
  const graph = new Graph();
  const image = graph.input('image', [1, 3, tokenizer.imageSize, tokenizer.imageSize]);
  const latents = tokenizer.encode(graph, image, dtype);
  return toOnnx(graph, { latents, ...quantised(tokenizer.quantise(graph, latents)) });
}

/** latents [1, tokens, latentChannels] to vectors (a VAE's mean) and, with a codebook, indices. */
export function buildQuantise(tokenizer: Tokenizer): OnnxModel {
  const graph = new Graph();
  const latents = graph.input('latents', [1, tokenizer.tokens, tokenizer.latentChannels]);
  return toOnnx(graph, quantised(tokenizer.quantise(graph, latents)));
}

function quantised({ vectors, indices }: ReturnType<Tokenizer['quantise']>): Record<string, Value> {
  return indices ? { vectors, indices } : { vectors };
}

/** indices [1, tokens] int64 to vectors [1, tokens, channels]. */
export function buildLookup(tokenizer: Tokenizer): OnnxModel {
  const graph = new Graph();
  return toOnnx(graph, { vectors: tokenizer.lookup(graph, graph.input('indices', [1, tokenizer.tokens], 'int64')) });
}

/** indices [1, tokens] int64, or vectors [1, tokens, channels], to frame uint8 [1, S, S, 3]. */
export function buildDecode(tokenizer: Tokenizer, from: 'indices' | 'vectors', dtype: FloatDType): OnnxModel {
  const graph = new Graph();
  const vectors =
    from === 'indices'
      ? tokenizer.lookup(graph, graph.input('indices', [1, tokenizer.tokens], 'int64'))
      : graph.input('vectors', [1, tokenizer.tokens, tokenizer.channels]);
  return toOnnx(graph, { frame: toFrame(tokenizer.decode(graph, vectors, dtype)) });
}

/**
 * Token reset (paper 4.3; reference notebook): decode, put the known pixels back, encode again.
 * before (latents or vectors), target [1, 3, S, S], mask [1, 1, S, S] (1 = generated) to latents and vectors.
 */
export function buildReset(tokenizer: Tokenizer, from: 'latents' | 'vectors', dtype: FloatDType): OnnxModel {
  const graph = new Graph();
  const { tokens, imageSize: side } = tokenizer;
  const channels = from === 'latents' ? tokenizer.latentChannels : tokenizer.channels;
  const input = graph.input('before', [1, tokens, channels]);
  const vectors = from === 'latents' ? tokenizer.quantise(graph, input).vectors : input;
  const decoded = f.clip(tokenizer.decode(graph, vectors, dtype), 0, 1);
  const target = graph.input('target', [1, 3, side, side]);
  const mask = graph.input('mask', [1, 1, side, side]);
  const composed = f.add(f.mul(decoded, mask), f.mul(target, f.add(f.neg(mask), 1)));
  const latents = tokenizer.encode(graph, composed, dtype);
  return toOnnx(graph, { latents, vectors: tokenizer.quantise(graph, latents).vectors });
}
