// The one interface of image-text models: both towers as graph functions giving unit features.
import type { FloatDType, Graph, Value } from '@tessera/graph';

export interface ImageTextEncoder {
  readonly kind: 'clip' | 'siglip';
  readonly imageSize: number;
  readonly embedDim: number;
  readonly contextLength: number;
  /** Images [N, 3, S, S] in 0..1 to unit features [N, embedDim], float32. */
  encodeImage(g: Graph, image: Value, dtype?: FloatDType): Value;
  /** The same for images already normalised with the model's mean and deviation. */
  encodeNormalisedImage(g: Graph, image: Value, dtype?: FloatDType): Value;
  /** Token ids [N, contextLength] int64 to unit features [N, embedDim], float32. */
  encodeText(g: Graph, ids: Value): Value;
  /** The model's own score of feature pairs from their cosine similarity: identity for CLIP, scaled logit for SigLIP. */
  score(g: Graph, similarity: Value): Value;
}
