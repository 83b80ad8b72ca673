// The model library of a running program: models of a store, opened once, hashed once.
import { createHash } from 'node:crypto';
import {
  clip,
  type ImageTextEncoder,
  loadTextTokenizer,
  type ModelStore,
  maskgitVqgan,
  openCheckpoint,
  pixels,
  type ResolvedModel,
  siglip,
  type Tokenizer,
  titok,
} from '@tessera/models';
import { PlanError } from './errors.ts';
import type { LoadedEncoder, LoadedTokenizer, ModelLibrary } from './library.ts';

/** 'pixels' or 'pixels-128': the image itself, of 256 or the given number of pixels a side. */
const PIXELS = /^pixels(?:-(\d{2,4}))?$/;

/**
 * A library over a store: ids of the registry, embedded models, and folders.
 * A checkpoint stays open for the life of the process; its file must not be replaced meanwhile.
 */
export function storeLibrary(store: ModelStore): ModelLibrary {
  const tokenizers = new Map<string, Promise<LoadedTokenizer>>();
  const encoders = new Map<string, Promise<LoadedEncoder>>();
  return {
    tokenizer: (id) => once(tokenizers, id, () => loadTokenizer(store, id)),
    encoder: (id) => once(encoders, id, () => loadEncoder(store, id)),
  };
}

/** A failed load is forgotten: the user may pull the model and try again. */
function once<T>(known: Map<string, Promise<T>>, id: string, load: () => Promise<T>): Promise<T> {
  const found = known.get(id);
  if (found) return found;
  const loading = load();
  known.set(id, loading);
  loading.catch(() => known.delete(id));
  return loading;
}

async function loadTokenizer(store: ModelStore, id: string): Promise<LoadedTokenizer> {
  const size = PIXELS.exec(id);
  if (size) {
    const tokenizer = pixels(Number(size[1] ?? 256));
    return { id, sha256: createHash('sha256').update(`pixels ${tokenizer.imageSize}`).digest('hex'), tokenizer };
  }
  const model = await store.resolve(id);
  const checkpoint = await openCheckpoint(model.checkpoint);
  return { id, sha256: await checkpoint.sha256(), tokenizer: tokenizerOf(model, checkpoint) };
}

type OpenCheckpoint = Awaited<ReturnType<typeof openCheckpoint>>;

function tokenizerOf(model: ResolvedModel, checkpoint: OpenCheckpoint): Tokenizer {
  switch (model.kind) {
    case 'titok':
      return titok(model.config, checkpoint);
    case 'maskgit-vqgan':
      return maskgitVqgan(model.config, checkpoint);
    case 'clip':
    case 'siglip':
      throw new PlanError(
        'tokenizer',
        `${model.id} is an image-text model (${model.kind}); name a TiTok or a MaskGIT-VQGAN`,
      );
  }
}

async function loadEncoder(store: ModelStore, id: string): Promise<LoadedEncoder> {
  const model = await store.resolve(id);
  if (model.kind !== 'clip' && model.kind !== 'siglip') {
    throw new PlanError('model', `${id} is an image tokenizer (${model.kind}); name a CLIP or a SigLIP`);
  }
  const checkpoint = await openCheckpoint(model.checkpoint);
  const encoder: ImageTextEncoder =
    model.kind === 'clip' ? clip(model.config, checkpoint) : siglip(model.config, checkpoint);
  return { id, sha256: await checkpoint.sha256(), encoder, text: await loadTextTokenizer(model) };
}
