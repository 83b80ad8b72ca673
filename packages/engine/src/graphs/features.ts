// Graphs of image-text models on their own: prompts to text features, frames to image features.
import { type FloatDType, f, Graph, type OnnxModel, toOnnx } from '@tessera/graph';
import type { ImageTextEncoder } from '@tessera/models';
import { sampleViews } from '../views.ts';

/** ids [1, contextLength] int64 to unit features [1, embedDim]. */
export function buildTextFeatures(encoder: ImageTextEncoder): OnnxModel {
  const graph = new Graph();
  const ids = graph.input('ids', [1, encoder.contextLength], 'int64');
  return toOnnx(graph, { features: encoder.encodeText(graph, ids) });
}

/** frame uint8 [1, S, S, 3] and view positions [1, 1, 2, size] to unit features [1, embedDim]. */
export function buildFrameFeatures(encoder: ImageTextEncoder, side: number, dtype: FloatDType): OnnxModel {
  const graph = new Graph();
  const frame = graph.input('frame', [1, side, side, 3], 'uint8');
  const positions = graph.input('views', [1, 1, 2, encoder.imageSize]);
  const image = f.mul(f.transpose(f.cast(frame, 'float32'), [0, 3, 1, 2]), 1 / 255);
  return toOnnx(graph, { features: encoder.encodeImage(graph, sampleViews(image, positions), dtype) });
}

/** Cosine similarity [1] to the model's own score [1]. */
export function buildScore(encoder: ImageTextEncoder): OnnxModel {
  const graph = new Graph();
  return toOnnx(graph, { score: encoder.score(graph, graph.input('similarity', [1])) });
}
