// Models whose step multiplies in int8: the same configs on a checkpoint with rounded matrices.
import { type Checkpoint, type ImageTextEncoder, int8Source, type TensorSource, type Tokenizer } from '@tessera/models';
import type { LoadedEncoder, LoadedTokenizer } from './library.ts';

interface Int8Options<M> {
  readonly checkpoint: Checkpoint;
  readonly make: (source: TensorSource) => M;
  /** Folder of the rounded matrices. */
  readonly cache: string;
}

/** The model with an `int8` form, made when it is first asked for. */
export function withInt8Tokenizer(exact: LoadedTokenizer, options: Int8Options<Tokenizer>): LoadedTokenizer {
  const { checkpoint, make, cache } = options;
  const load = async (): Promise<LoadedTokenizer> => {
    const source = await int8Source(
      checkpoint,
      (graph, s) => {
        const tokenizer = make(s);
        tokenizer.decode(graph, graph.input('vectors', [1, tokenizer.tokens, tokenizer.channels]));
      },
      cache,
    );
    return { ...exact, sha256: int8Identity(exact), tokenizer: make(source) };
  };
  return { ...exact, int8: remembered(load) };
}

/** The same for an image-text model; prompts are still encoded by the exact one. */
export function withInt8Encoder(exact: LoadedEncoder, options: Int8Options<ImageTextEncoder>): LoadedEncoder {
  const { checkpoint, make, cache } = options;
  const load = async (): Promise<LoadedEncoder> => {
    const source = await int8Source(
      checkpoint,
      (graph, s) => {
        const encoder = make(s);
        encoder.encodeImage(graph, graph.input('image', [1, 3, encoder.imageSize, encoder.imageSize]));
      },
      cache,
    );
    return { ...exact, sha256: int8Identity(exact), encoder: make(source) };
  };
  return { ...exact, int8: remembered(load) };
}

/** It computes something else, so it is another model to whoever keeps graphs or features by identity. */
const int8Identity = ({ sha256 }: { readonly sha256: string }): string => `${sha256} int8`;

/** A failed load is forgotten: the user may free the disk and try again. */
function remembered<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
