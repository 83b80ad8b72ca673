// Pictures through the tokenizer and back, many at once.
import { join } from 'node:path';
import type { Engine, LoadedTokenizer } from '@tessera/engine';
import { f, Graph, type OnnxModel, toOnnx } from '@tessera/graph';
import { tensor } from '@tessera/runtime';
import * as z from 'zod';
import { readJson } from './read-json.ts';

export interface Reconstruction {
  /** [batch, 3, S, S], clamped to 0..1. */
  readonly images: Float32Array;
  /** [batch * tokens] */
  readonly indices: readonly number[];
}

function buildReconstruction({ tokenizer }: LoadedTokenizer, batch: number): OnnxModel {
  const graph = new Graph();
  const side = tokenizer.imageSize;
  const image = graph.input('image', [batch, 3, side, side]);
  const { vectors, indices } = tokenizer.quantise(graph, tokenizer.encode(graph, image));
  const again = f.clip(tokenizer.decode(graph, vectors), 0, 1);
  return toOnnx(graph, { again, ...(indices && { indices }) });
}

/** images [batch, 3, S, S] in 0..1, S the tokenizer's image size. `indices` is empty for a tokenizer without a codebook. */
export async function reconstruct(
  engine: Engine,
  loaded: LoadedTokenizer,
  images: Float32Array,
): Promise<Reconstruction> {
  const side = loaded.tokenizer.imageSize;
  const batch = images.length / (3 * side * side);
  const outputs = await engine.run(`reconstruct ${loaded.sha256} ${batch}`, () => buildReconstruction(loaded, batch), {
    image: tensor('float32', [batch, 3, side, side], images),
  });
  return {
    images: outputs.again!.data as Float32Array,
    indices: Array.from((outputs.indices?.data ?? new BigInt64Array()) as BigInt64Array, Number),
  };
}

function buildIndices({ tokenizer }: LoadedTokenizer, batch: number): OnnxModel {
  const graph = new Graph();
  const image = graph.input('image', [batch, 3, tokenizer.imageSize, tokenizer.imageSize]);
  const { indices } = tokenizer.quantise(graph, tokenizer.encode(graph, image));
  if (!indices) throw new TypeError('Codebook use was asked of a tokenizer without a codebook.');
  return toOnnx(graph, { indices });
}

/** Codebook indices [batch * tokens] of images [batch, 3, S, S] in 0..1, without the way back. */
export async function codesOf(engine: Engine, loaded: LoadedTokenizer, images: Float32Array): Promise<number[]> {
  const side = loaded.tokenizer.imageSize;
  const batch = images.length / (3 * side * side);
  const outputs = await engine.run(`codes ${loaded.sha256} ${batch}`, () => buildIndices(loaded, batch), {
    image: tensor('float32', [batch, 3, side, side], images),
  });
  return Array.from(outputs.indices!.data as BigInt64Array, Number);
}

const patchSchema = z.object({
  model: z.object({ vq_model: z.object({ vit_dec_patch_size: z.int().positive() }) }),
});

/** Side in px of the patches that the tokenizer of a models folder draws. @throws BenchmarkFileError */
export async function decoderPatch(folder: string): Promise<number> {
  const { model } = await readJson(join(folder, 'tokenizer', 'config.json'), patchSchema);
  return model.vq_model.vit_dec_patch_size;
}
