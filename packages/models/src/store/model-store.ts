// The model store: lists, pulls, verifies and resolves models by id; a folder works wherever an id does.
import { mkdir, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointLimits } from '../checkpoints/limits.ts';
import { defaultModelsDirectory } from './directory.ts';
import { download, hashFile, partPath } from './download.ts';
import { DiskFullError, HashMismatchError, ModelNotPulledError, RemoteMissingError } from './errors.ts';
import { Hub, type HubOptions, type RemoteFile } from './hub.ts';
import { defaultPullLimits, type PullLimits } from './limits.ts';
import { type LockFile, readLockFile, writeLockFile } from './lock-file.ts';
import { acquirePullLock } from './pull-lock.ts';
import { findModel, type ModelEntry, models, requireModel, unknownModel } from './registry.ts';
import { type ResolvedModel, type ResolveOptions, resolveFolder } from './resolve.ts';

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

export interface PullProgress {
  /** File at work. */
  readonly file: string;
  /** Bytes of the model on disk, and in all. */
  readonly received: number;
  readonly total: number;
}

export interface PullOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PullProgress) => void;
}

export interface FileReport {
  readonly path: string;
  /** `unknown`: there is no hash to compare with. */
  readonly state: 'ok' | 'changed' | 'missing' | 'unknown';
  readonly sha256?: string;
  readonly expected?: string;
}

export interface VerifyReport {
  readonly id: string;
  /** True when every file is there and has the hash it must have. */
  readonly ok: boolean;
  readonly files: readonly FileReport[];
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
   * @throws UnknownModelError, OfflineError, DownloadCutError, ModelAccessError, RemoteMissingError, HashMismatchError, DiskFullError
   */
  async pull(id: string, { signal, onProgress }: PullOptions = {}): Promise<string> {
    const entry = requireModel(id, this.registry);
    const folder = this.#folder(entry);
    const { repo } = entry;
    if (entry.embedded || !repo) return this.path(entry.id);
    signal?.throwIfAborted();
    await mkdir(folder, { recursive: true });
    const held = await acquirePullLock(folder, this.#limits.lockStaleMs, signal);
    try {
      const lock = await readLockFile(folder);
      if (lock && (await firstMissing(folder, entry)) === undefined) return folder;
      const commit = lock?.commit ?? (await this.#hub.commit(repo, entry.revision, signal));
      const remote = await this.#remoteFiles(entry, repo, commit, lock, signal);
      const total = remote.reduce((sum, f) => sum + f.bytes, 0);
      await this.#checkSpace(folder, remote);
      const locked: LockFile['files'] = {};
      let before = 0;
      for (const file of remote) {
        const target = join(folder, file.path);
        const onBytes = (n: number) => onProgress?.({ file: file.path, received: before + n, total });
        const sha256 = await this.#bring(repo, commit, file, target, signal, onBytes);
        const pinned = entry.files.find((f) => f.path === file.path)?.sha256;
        locked[file.path] = {
          bytes: file.bytes,
          sha256,
          vouched: pinned ? 'registry' : file.sha256 ? 'hub' : 'first-pull',
        };
        before += file.bytes;
      }
      await writeFallbackConfig(folder, entry);
      await writeLockFile(folder, { version: 1, id: entry.id, repo, commit, files: locked });
      return folder;
    } finally {
      await held.release();
    }
  }

  /** Hashes every file of a model and compares with the lock file, or with the registry where it was copied by hand. */
  async verify(id: string): Promise<VerifyReport> {
    const entry = requireModel(id, this.registry);
    const folder = this.#folder(entry);
    if (!(await exists(folder))) throw new ModelNotPulledError(entry.id, entry.files[0]?.path ?? folder);
    const lock = await readLockFile(folder);
    const files: FileReport[] = [];
    for (const { path, sha256: pinned, optional } of entry.files) {
      const expected = pinned ?? lock?.files[path]?.sha256;
      if (await exists(join(folder, path))) {
        const sha256 = await hashFile(join(folder, path));
        const state = expected === undefined ? 'unknown' : sha256 === expected ? 'ok' : 'changed';
        files.push({ path, state, sha256, ...(expected ? { expected } : {}) });
      } else if (!optional || expected) files.push({ path, state: 'missing', ...(expected ? { expected } : {}) });
    }
    // The models of this repository are vouched for by the repository itself.
    const fine = entry.embedded ? ['ok', 'unknown'] : ['ok'];
    return { id: entry.id, ok: files.every((f) => fine.includes(f.state)), files };
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

  /** The files to have, checked against the hashes of the registry and of the first pull before a byte is downloaded. */
  async #remoteFiles(
    entry: ModelEntry,
    repo: string,
    commit: string,
    lock: LockFile | undefined,
    signal: AbortSignal | undefined,
  ): Promise<RemoteFile[]> {
    const found = await this.#hub.files(
      repo,
      commit,
      entry.files.map((f) => f.path),
      signal,
    );
    const remote: RemoteFile[] = [];
    for (const { path, sha256, optional } of entry.files) {
      const file = found.get(path);
      if (!file) {
        if (optional) continue;
        throw new RemoteMissingError(`file ${path} in ${repo}`);
      }
      const pinned = sha256 ?? lock?.files[path]?.sha256;
      if (pinned && file.sha256 && file.sha256 !== pinned)
        throw new HashMismatchError(
          path,
          pinned,
          file.sha256,
          sha256 ? 'pinned in the registry' : 'recorded at the first pull',
        );
      remote.push(pinned ? { ...file, sha256: pinned } : file);
    }
    return remote;
  }

  /** Downloads a file unless it is there already with the right hash. */
  async #bring(
    repo: string,
    commit: string,
    file: RemoteFile,
    target: string,
    signal: AbortSignal | undefined,
    onBytes: (n: number) => void,
  ): Promise<string> {
    const here = await stat(target).catch(() => undefined);
    if (here?.size === file.bytes && file.sha256) {
      const sha256 = await hashFile(target);
      if (sha256 === file.sha256) {
        onBytes(file.bytes);
        return sha256;
      }
    }
    return download({
      hub: this.#hub,
      repo,
      commit,
      file,
      target,
      limits: this.#limits,
      onBytes,
      ...(signal ? { signal } : {}),
    });
  }

  async #checkSpace(folder: string, remote: readonly RemoteFile[]): Promise<void> {
    let needed = this.#limits.spareBytes;
    for (const file of remote) {
      const target = join(folder, file.path);
      const have = await Promise.all(
        [target, partPath(target, file)].map((p) =>
          stat(p).then(
            (s) => s.size,
            () => 0,
          ),
        ),
      );
      needed += Math.max(0, file.bytes - Math.max(...have));
    }
    const { bavail, bsize } = await statfs(folder);
    if (needed > bavail * bsize) throw new DiskFullError(folder, needed - bavail * bsize);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** First file of a model that is not in its folder. */
async function firstMissing(folder: string, entry: ModelEntry): Promise<string | undefined> {
  for (const { path, optional } of entry.files) if (!optional && !(await exists(join(folder, path)))) return path;
  return undefined;
}

/** Makes the folder complete in itself: it can be copied elsewhere and given as a folder. */
async function writeFallbackConfig(folder: string, { config }: ModelEntry): Promise<void> {
  const file = join(folder, 'config.json');
  if (config && !(await exists(file))) await writeFile(file, `${JSON.stringify(config, null, 2)}\n`, { flag: 'wx' });
}
