// The model library of a running program: models of a store, opened once, hashed once.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  clip,
  defaultCacheDirectory,
  type ImageTextEncoder,
  loadTextTokenizer,
  type ModelStore,
  maskgitVqgan,
  openCheckpoint,
  pixels,
  type ResolvedModel,
  siglip,
  type TensorSource,
  type Tokenizer,
  titok,
} from '@tessera/models';
import { PlanError } from './errors.ts';
import { withInt8Encoder, withInt8Tokenizer } from './int8-models.ts';
import type { LoadedEncoder, LoadedTokenizer, ModelLibrary } from './library.ts';

/** 'pixels' or 'pixels-128': the image itself, of 256 or the given number of pixels a side. */
const PIXELS = /^pixels(?:-(\d+))?$/;
/** Smallest and largest image side that pixels are optimised at: 1024 is 3 million numbers. */
const PIXEL_SIDES = { least: 16, most: 1024 };

/**
 * A library over a store: ids of the registry, embedded models, and folders.
 * A checkpoint stays open for the life of the process; its file must not be replaced meanwhile.
 * `cache` keeps what is computed from checkpoints: their int8 forms.
 */
export function storeLibrary(store: ModelStore, cache = defaultCacheDirectory()): ModelLibrary {
  const tokenizers = new Map<string, Promise<LoadedTokenizer>>();
  const encoders = new Map<string, Promise<LoadedEncoder>>();
  return {
    tokenizer: (id) => once(tokenizers, id, () => loadTokenizer(store, id, cache)),
    encoder: (id) => once(encoders, id, () => loadEncoder(store, id, cache)),
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

async function loadTokenizer(store: ModelStore, id: string, cache: string): Promise<LoadedTokenizer> {
  const size = PIXELS.exec(id);
  if (size) {
    const side = Number(size[1] ?? 256);
    if (side < PIXEL_SIDES.least || side > PIXEL_SIDES.most) {
      throw new PlanError('tokenizer', `${id}: the side must be ${PIXEL_SIDES.least} to ${PIXEL_SIDES.most} pixels`);
    }
    const tokenizer = pixels(side);
    const sha256 = createHash('sha256').update(`pixels ${tokenizer.imageSize}`).digest('hex');
    const loaded: LoadedTokenizer = { id, sha256, tokenizer };
    // Pixels multiply by nothing.
    return { ...loaded, int8: async () => loaded };
  }
  const model = await store.resolve(id);
  const checkpoint = await openCheckpoint(model.checkpoint);
  const make = (source: TensorSource) => tokenizerOf(model, source);
  const exact = { id, sha256: await identity(model, checkpoint), tokenizer: make(checkpoint) };
  return withInt8Tokenizer(exact, { checkpoint, make, cache: join(cache, 'int8') });
}

/** Equal weights under another config, or prompts under another vocabulary, are another model. */
async function identity(model: ResolvedModel, checkpoint: OpenCheckpoint): Promise<string> {
  const hash = createHash('sha256')
    .update(await checkpoint.sha256())
    .update(JSON.stringify(model.config));
  for (const file of Object.values(model.tokenizerFiles)) hash.update(await readFile(file));
  return hash.digest('hex');
}

type OpenCheckpoint = Awaited<ReturnType<typeof openCheckpoint>>;

function tokenizerOf(model: ResolvedModel, checkpoint: TensorSource): Tokenizer {
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

async function loadEncoder(store: ModelStore, id: string, cache: string): Promise<LoadedEncoder> {
  const model = await store.resolve(id);
  if (model.kind !== 'clip' && model.kind !== 'siglip') {
    throw new PlanError('model', `${id} is an image tokenizer (${model.kind}); name a CLIP or a SigLIP`);
  }
  const checkpoint = await openCheckpoint(model.checkpoint);
  const make = (source: TensorSource): ImageTextEncoder =>
    model.kind === 'clip' ? clip(model.config, source) : siglip(model.config, source);
  const sha256 = await identity(model, checkpoint);
  const exact = { id, sha256, encoder: make(checkpoint), text: await loadTextTokenizer(model) };
  return withInt8Encoder(exact, { checkpoint, make, cache: join(cache, 'int8') });
}
