// No tokenizer at all: the image's own pixels, row by row, behind the tokenizer interface.
// It is the adversarial baseline of Table 1: optimising pixels raises the score without changing what is seen.
import { f, GraphError, type Value } from '@tessera/graph';
import type { Tokenizer } from './tokenizer.ts';

/** A "token" is one row of the image, 3 x side numbers. */
export function pixels(side: number): Tokenizer {
  const toRows = (image: Value) => f.reshape(f.transpose(image, [0, 2, 1, 3]), [image.shape[0]!, side, 3 * side]);
  const toImage = (rows: Value) => f.transpose(f.reshape(rows, [rows.shape[0]!, side, 3, side]), [0, 2, 1, 3]);
  return {
    kind: 'pixels',
    imageSize: side,
    tokens: side,
    channels: 3 * side,
    latentChannels: 3 * side,
    codebookSize: 0,
    encode: (_g, image) => toRows(image),
    quantise: (_g, latents) => ({ vectors: latents }),
    lookup() {
      throw new GraphError('Pixels have no codebook: pass token vectors instead of indices.');
    },
    decode: (_g, vectors) => toImage(vectors),
  };
}
