// The measured models as the engine takes them: a tokenizer and an encoder behind a model library.
import { join } from 'node:path';
import {
  type LoadedEncoder,
  type LoadedTokenizer,
  type ModelLibrary,
  withInt8Encoder,
  withInt8Tokenizer,
} from '@tessera/engine';
import { f, Graph } from '@tessera/graph';
import {
  type Checkpoint,
  clip,
  defaultCacheDirectory,
  loadTextTokenizer,
  openSafetensors,
  resolveFolder,
  type TensorSource,
  titok,
} from '@tessera/models';
import { POCKET_MODELS } from '@tessera/pocket';
import { FULL, type SizeConfig } from './configs.ts';
import { randomCheckpoint, recordTensors } from './random-weights.ts';

export interface MeasuredModels {
  readonly size: 'pocket' | 'full';
  readonly config: SizeConfig;
  readonly tokenizer: LoadedTokenizer;
  readonly encoder: LoadedEncoder;
  readonly library: ModelLibrary;
  /** Real paths of the two weight files, for the other implementation. */
  readonly files: { readonly tokenizer: string; readonly clip: string };
}

/** The embedded models, as their folders describe them. */
export async function pocketModels(): Promise<MeasuredModels> {
  const model = await resolveFolder('pocket-32', POCKET_MODELS['pocket-32'], {});
  const clipModel = await resolveFolder('pocket-clip', POCKET_MODELS['pocket-clip'], {});
  if (model.kind !== 'titok' || clipModel.kind !== 'clip') {
    throw new Error(`The embedded models are ${model.kind} and ${clipModel.kind}; titok and clip are measured here.`);
  }
  const [weights, clipWeights] = [await openSafetensors(model.checkpoint), await openSafetensors(clipModel.checkpoint)];
  return assemble(
    'pocket',
    { tokenizer: model.config, clip: clipModel.config },
    {
      tokenizer: { id: 'pocket-32', sha256: await weights.sha256(), tokenizer: titok(model.config, weights) },
      encoder: {
        id: 'pocket-clip',
        sha256: await clipWeights.sha256(),
        encoder: clip(clipModel.config, clipWeights),
        text: await loadTextTokenizer(clipModel),
      },
      files: { tokenizer: weights.path, clip: clipWeights.path },
    },
    [weights, clipWeights],
  );
}

/** Only what a step reads has weights: no encoder of images to tokens, no text tower. */
export async function fullModels(): Promise<MeasuredModels> {
  const weights = await randomCheckpoint('titok-l32', recordTensors(stepTensors));
  const clipWeights = await randomCheckpoint('clip-b32', recordTensors(clipTensors));
  const { contextLength } = FULL.clip.text;
  const models: Pick<MeasuredModels, 'tokenizer' | 'encoder' | 'files'> = {
    tokenizer: { id: 'full', sha256: weights.path, tokenizer: titok(FULL.tokenizer, weights) },
    encoder: {
      id: 'full-clip',
      sha256: clipWeights.path,
      encoder: {
        ...clip(FULL.clip, clipWeights),
        // A prompt's direction is computed once a run; here a fixed one stands in for the text tower.
        encodeText: (_g, ids) => f.l2Normalize(f.oneHot(f.argMax(f.cast(ids, 'float32'), 1), FULL.clip.embedDim)),
      },
      text: {
        contextLength,
        encode: () => ({ ids: new Int32Array(contextLength).fill(1, 7, 8), used: 1, truncated: 0, unknown: [] }),
      },
    },
    files: { tokenizer: weights.path, clip: clipWeights.path },
  };
  return assemble('full', FULL, models, [weights, clipWeights]);
}

function assemble(
  size: MeasuredModels['size'],
  config: SizeConfig,
  models: Pick<MeasuredModels, 'tokenizer' | 'encoder' | 'files'>,
  [weights, clipWeights]: readonly [Checkpoint, Checkpoint],
): MeasuredModels {
  const cache = join(defaultCacheDirectory(), 'int8');
  const tokenizer = withInt8Tokenizer(models.tokenizer, {
    checkpoint: weights,
    make: (source) => titok(config.tokenizer, source),
    cache,
  });
  const encoder = withInt8Encoder(models.encoder, {
    checkpoint: clipWeights,
    make: (source) => clip(config.clip, source),
    cache,
  });
  const library: ModelLibrary = { tokenizer: async () => tokenizer, encoder: async () => encoder };
  return { size, config, library, tokenizer, encoder, files: models.files };
}

function stepTensors(source: TensorSource): void {
  const graph = new Graph();
  const { tokens, channels } = FULL.tokenizer;
  const tokenizer = titok(FULL.tokenizer, source);
  tokenizer.decode(graph, tokenizer.quantise(graph, graph.input('latents', [1, tokens, channels])).vectors);
}

function clipTensors(source: TensorSource): void {
  const graph = new Graph();
  const side = FULL.clip.image.imageSize;
  clip(FULL.clip, source).encodeImage(graph, graph.input('image', [1, 3, side, side]));
}
