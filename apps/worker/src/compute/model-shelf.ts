// The models that requests may name: those of the registry, and pixels. A folder is no name: callers are on the network.
import type { LoadedEncoder, LoadedTokenizer, ModelLibrary } from '@tessera/engine';
import { findModel, type ModelListing, type ModelStore } from '@tessera/models';
import { ComputeError, type ModelSummary } from '@tessera/wire';
import { type ModelShape, registeredShape, shapeOf } from './shapes.ts';

const PIXELS = /^pixels(-\d{1,4})?$/;

export class ModelShelf {
  readonly #library: ModelLibrary;
  readonly #store: ModelStore;
  /** Identities of the models that were loaded here, by id: hashing gigabytes only to list them takes too long. */
  readonly #known = new Map<string, string>();

  constructor(library: ModelLibrary, store: ModelStore) {
    this.#library = library;
    this.#store = store;
  }

  /** @throws ComputeError NOT_FOUND; what the library throws */
  async tokenizer(name: string): Promise<LoadedTokenizer> {
    if (PIXELS.test(name)) return this.#library.tokenizer(name);
    const loaded = await this.#library.tokenizer(this.#id(name));
    this.#known.set(loaded.id, loaded.sha256);
    return loaded;
  }

  /** @throws ComputeError NOT_FOUND; what the library throws */
  async encoder(name: string): Promise<LoadedEncoder> {
    const loaded = await this.#library.encoder(this.#id(name));
    this.#known.set(loaded.id, loaded.sha256);
    return loaded;
  }

  #id(name: string): string {
    const entry = findModel(name, this.#store.registry);
    if (!entry) throw new ComputeError('NOT_FOUND', `There is no model ${JSON.stringify(name.slice(0, 80))}.`);
    return entry.id;
  }

  async summaries(): Promise<ModelSummary[]> {
    return Promise.all((await this.#store.list()).map((listing) => this.#summary(listing)));
  }

  async #summary(listing: ModelListing): Promise<ModelSummary> {
    const { id, name, licence, embedded } = listing;
    const shape = await this.#installedShape(listing);
    const kind = listing.kind === 'clip' || listing.kind === 'siglip' ? 'encoder' : 'tokenizer';
    if (embedded && shape) await (kind === 'encoder' ? this.encoder(id) : this.tokenizer(id));
    const sha256 = this.#known.get(id);
    return {
      ...{ id, name, kind, family: listing.kind, licence, embedded },
      bytes: embedded ? 0 : listing.bytes,
      installed: shape !== undefined,
      ...(shape ?? registeredShape(listing)),
      ...(sha256 !== undefined && { sha256 }),
    };
  }

  /** Undefined where it is not here, or so damaged that it cannot be used. */
  async #installedShape({ id, state }: ModelListing): Promise<ModelShape | undefined> {
    if (state !== 'embedded' && state !== 'pulled') return undefined;
    return this.#store.resolve(id).then(shapeOf, () => undefined);
  }
}
