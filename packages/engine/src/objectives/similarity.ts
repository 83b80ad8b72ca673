// What CLIP and SigLIP objectives share: views of the image, their mean unit feature, and a direction in feature space.
import { f, type Value } from '@tessera/graph';
import type { LoadedEncoder } from '../library.ts';
import type { Crops } from '../plan.ts';
import { cropSide, sampleViews, viewPositions } from '../views.ts';
import type { BuildContext, FeedContext, LaneFeed } from './objective.ts';

export function requireEncoder(encoder: LoadedEncoder | undefined): LoadedEncoder {
  if (!encoder) throw new TypeError('An image-text objective was built without its model.');
  return encoder;
}

/** Mean over the views of their unit features, [B, embedDim] float32. */
export function viewFeatures({ spec, image, encoder, dtype, graph, input }: BuildContext<{ crops: Crops }>): Value {
  const { encoder: model } = requireEncoder(encoder);
  const views = Math.max(1, spec.crops.count);
  const size = model.imageSize;
  const positions = input('views', [views, 2, size]);
  const features = model.encodeImage(graph, sampleViews(f.cast(image, dtype), positions), dtype);
  return f.reduceMean(f.reshape(features, [image.shape[0]!, views, model.embedDim]), [1]);
}

export function viewFeed(crops: Crops, { step, draws, imageSize, encoder }: FeedContext): LaneFeed {
  const size = requireEncoder(encoder).encoder.imageSize;
  const drawn = crops.count ? draws.crops(step, imageSize, crops) : [];
  const length = crops.count ? cropSide(imageSize, crops.fraction) : imageSize;
  return { shape: [Math.max(1, crops.count), 2, size], data: viewPositions(drawn, length, size) };
}

/** Inner product of features [B, D] with an input direction [B, D]: [B]. */
export function along(features: Value, direction: Value): Value {
  return f.reduceSum(f.mul(features, direction), [1]);
}

export function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}
