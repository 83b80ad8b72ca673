// The model store: lists, pulls, verifies and resolves models by id; a folder works wherever an id does.
import { join } from 'node:path';
import type { CheckpointLimits } from '../checkpoints/limits.ts';
import { defaultModelsDirectory } from './directory.ts';
import { ModelNotPulledError } from './errors.ts';
import { exists, firstMissing } from './folder-state.ts';
import { Hub, type HubOptions } from './hub.ts';
import { defaultPullLimits, type PullLimits } from './limits.ts';
import { readLockFile } from './lock-file.ts';
import { type PullOptions, pullModel } from './pull.ts';
import { findModel, type ModelEntry, models, requireModel, unknownModel } from './registry.ts';
import { type ResolvedModel, type ResolveOptions, resolveFolder } from './resolve.ts';
import { type VerifyOptions, type VerifyReport, verifyModel } from './verify.ts';

export interface ModelStoreOptions extends HubOptions {
  /** Folder of the store. Default: TESSERA_MODELS, or the platform's data folder. */
  readonly directory?: string;
  /** Folders of the models that come with the program, by id. */
  readonly embedded?: Readonly<Record<string, string>>;
  readonly registry?: readonly ModelEntry[];
  readonly limits?: Partial<PullLimits>;
  readonly checkpointLimits?: Partial<CheckpointLimits>;
}

export interface ModelListing extends ModelEntry {
  /** `partial`: a pull was interrupted and will continue. */
  readonly state: 'embedded' | 'pulled' | 'partial' | 'absent';
  readonly folder: string;
  /** Recorded commit, once pulled. */
  readonly commit?: string;
}

export class ModelStore {
  readonly directory: string;
  readonly registry: readonly ModelEntry[];
  readonly #embedded: Readonly<Record<string, string>>;
  readonly #limits: PullLimits;
  readonly #checkpointLimits: Partial<CheckpointLimits>;
  readonly #hub: Hub;

  constructor(o: ModelStoreOptions = {}) {
    this.directory = o.directory ?? defaultModelsDirectory();
    this.registry = o.registry ?? models;
    this.#embedded = o.embedded ?? {};
    this.#limits = { ...defaultPullLimits, ...o.limits };
    this.#checkpointLimits = o.checkpointLimits ?? {};
    const hubUrl = o.hubUrl ?? process.env.HF_ENDPOINT;
    const accessToken = o.accessToken ?? process.env.HF_TOKEN;
    this.#hub = new Hub({ ...(hubUrl ? { hubUrl } : {}), ...(accessToken ? { accessToken } : {}) });
  }

  /** Every known model and whether it is here. Touches no network. */
  async list(): Promise<ModelListing[]> {
    return Promise.all(
      this.registry.map(async (entry): Promise<ModelListing> => {
        const folder = this.#folder(entry);
        if (entry.embedded) return { ...entry, state: 'embedded', folder };
        const lock = await readLockFile(folder).catch(() => undefined);
        const missing = await firstMissing(folder, entry);
        const state = missing === undefined ? 'pulled' : (await exists(folder)) ? 'partial' : 'absent';
        return { ...entry, state, folder, ...(lock ? { commit: lock.commit } : {}) };
      }),
    );
  }

  /** Folder of a model that is here. @throws UnknownModelError, ModelNotPulledError */
  async path(id: string): Promise<string> {
    const entry = requireModel(id, this.registry);
    const folder = this.#folder(entry);
    const missing = await firstMissing(folder, entry);
    if (missing !== undefined) throw new ModelNotPulledError(entry.id, missing);
    return folder;
  }

  /**
   * Downloads what is missing of a model and returns its folder. Continues interrupted downloads; asks no network when everything
   * is here; waits for another process that pulls the same model.
   * @throws UnknownModelError, OfflineError, DownloadCutError, ModelAccessError, RemoteMissingError, HashMismatchError, DiskFullError, StoreFolderError
   */
  async pull(id: string, o: PullOptions = {}): Promise<string> {
    const entry = requireModel(id, this.registry);
    const folder = this.#folder(entry);
    const { repo } = entry;
    if (entry.embedded || !repo) return this.path(entry.id);
    await pullModel({ ...o, entry, repo, folder, hub: this.#hub, limits: this.#limits });
    return folder;
  }

  /** Hashes every file of a model and compares with the lock file, or with the registry where it was copied by hand. */
  async verify(id: string, o: VerifyOptions = {}): Promise<VerifyReport> {
    const entry = requireModel(id, this.registry);
    const folder = this.#folder(entry);
    if (!(await exists(folder))) throw new ModelNotPulledError(entry.id, entry.files[0]?.path ?? folder);
    return verifyModel(entry, folder, o);
  }

  /**
   * What a model id, a folder or a checkpoint file holds: kind, config in normal form, checkpoint, tokenizer files.
   * @throws UnknownModelError, ModelNotPulledError, UnknownArchitectureError, ModelConfigError, checkpoint errors
   */
  async resolve(idOrFolder: string, o: ResolveOptions = {}): Promise<ResolvedModel> {
    const options = { ...o, limits: this.#checkpointLimits };
    const entry = findModel(idOrFolder, this.registry);
    if (entry) {
      const known = {
        ...(entry.config ? { fallbackConfig: entry.config } : {}),
        ...(entry.activation ? { activation: entry.activation } : {}),
      };
      return resolveFolder(entry.id, await this.path(entry.id), { ...known, ...options });
    }
    if (await exists(idOrFolder)) return resolveFolder(idOrFolder, idOrFolder, options);
    throw unknownModel(idOrFolder, this.registry);
  }

  #folder(entry: ModelEntry): string {
    return this.#embedded[entry.id] ?? join(this.directory, entry.id);
  }
}
