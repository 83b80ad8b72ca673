// Pulls one model into its folder: decides what is missing, checks hashes and space first, records what came.
import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { download, hashFile, partPath, sizeOf } from './download.ts';
import { DiskFullError, HashMismatchError, RemoteMissingError, StoreFolderError } from './errors.ts';
import { exists, firstMissing } from './folder-state.ts';
import type { Hub, RemoteFile } from './hub.ts';
import type { PullLimits } from './limits.ts';
import { type LockFile, readLockFile, writeLockFile } from './lock-file.ts';
import { acquirePullLock } from './pull-lock.ts';
import type { ModelEntry } from './registry.ts';

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
  /** Called with each file before it is hashed, which takes seconds for gigabytes. */
  readonly onCheck?: (file: string) => void;
  /** Hash the files that are here and replace those that differ. Default false: files that are here are taken as they are. */
  readonly repair?: boolean;
}

export interface PullJob extends PullOptions {
  readonly entry: ModelEntry;
  readonly repo: string;
  readonly folder: string;
  readonly hub: Hub;
  readonly limits: PullLimits;
}

/** Brings a model into its folder while holding the folder's lock. See ModelStore.pull for the errors. */
export async function pullModel(job: PullJob): Promise<void> {
  const { folder, limits, signal } = job;
  signal?.throwIfAborted();
  try {
    await mkdir(folder, { recursive: true });
    const held = await acquirePullLock(folder, limits.lockStaleMs, signal);
    try {
      await pullLocked(job);
    } finally {
      await held.release();
    }
  } catch (error) {
    throw folderError(error, folder);
  }
}

async function pullLocked(job: PullJob): Promise<void> {
  const { entry, repo, folder, hub, signal, onProgress } = job;
  const lock = await readLockFile(folder);
  if (lock && !job.repair && (await firstMissing(folder, entry)) === undefined) return;
  const commit = lock?.commit ?? (await hub.commit(repo, entry.revision, signal));
  const remote = await remoteFiles(job, commit, lock);
  await checkSpace(job, remote);
  const total = remote.reduce((sum, f) => sum + f.bytes, 0);
  const files: LockFile['files'] = {};
  let before = 0;
  for (const { vouched, ...file } of remote) {
    const onBytes = (n: number) => onProgress?.({ file: file.path, received: before + n, total });
    const sha256 = await bring(job, commit, file, onBytes);
    files[file.path] = { bytes: file.bytes, sha256, vouched };
    before += file.bytes;
  }
  await writeFallbackConfig(folder, entry);
  await writeLockFile(folder, { version: 1, id: entry.id, repo, commit, files });
}

type Wanted = RemoteFile & { readonly vouched: LockFile['files'][string]['vouched'] };

/** The files to have, checked against the hashes of the registry and of the first pull before a byte is downloaded. */
async function remoteFiles(
  { entry, repo, hub, signal }: PullJob,
  commit: string,
  lock: LockFile | undefined,
): Promise<Wanted[]> {
  const paths = entry.files.map((f) => f.path);
  const found = await hub.files(repo, commit, paths, signal);
  const wanted: Wanted[] = [];
  for (const { path, sha256: pinned, optional } of entry.files) {
    const file = found.get(path);
    if (!file) {
      if (optional) continue;
      throw new RemoteMissingError(`file ${path} in ${repo}`);
    }
    const recorded = lock?.files[path];
    const sha256 = pinned ?? recorded?.sha256;
    if (sha256 && file.sha256 && file.sha256 !== sha256) {
      throw new HashMismatchError(
        path,
        sha256,
        file.sha256,
        pinned ? 'pinned in the registry' : 'recorded at the first pull',
      );
    }
    const vouched = pinned ? 'registry' : (recorded?.vouched ?? (file.sha256 ? 'hub' : 'first-pull'));
    wanted.push({ ...file, ...(sha256 ? { sha256 } : {}), vouched });
  }
  return wanted;
}

/** Downloads a file unless it is there already with the right hash; returns its SHA-256. */
async function bring(job: PullJob, commit: string, file: RemoteFile, onBytes: (n: number) => void): Promise<string> {
  const { hub, repo, folder, limits, signal } = job;
  const target = join(folder, file.path);
  const stop = signal ? { signal } : {};
  const onCheck = () => job.onCheck?.(file.path);
  if (file.sha256 && (await sizeOf(target)) === file.bytes) {
    onCheck();
    if ((await hashFile(target, stop)) === file.sha256) {
      onBytes(file.bytes);
      return file.sha256;
    }
  }
  return download({ hub, repo, commit, file, target, limits, onBytes, onCheck, ...stop });
}

async function checkSpace({ folder, limits }: PullJob, remote: readonly RemoteFile[]): Promise<void> {
  let needed = limits.spareBytes;
  for (const file of remote) {
    const target = join(folder, file.path);
    const have = Math.max(await sizeOf(target), await sizeOf(partPath(target, file)));
    needed += Math.max(0, file.bytes - have);
  }
  const { bavail, bsize } = await statfs(folder);
  if (needed > bavail * bsize) throw new DiskFullError(folder, needed - bavail * bsize);
}

/** Makes the folder complete in itself: it can be copied elsewhere and given as a folder. */
async function writeFallbackConfig(folder: string, { config }: ModelEntry): Promise<void> {
  const file = join(folder, 'config.json');
  if (config && !(await exists(file))) await writeFile(file, `${JSON.stringify(config, null, 2)}\n`, { flag: 'wx' });
}

/** Errors of the file system in our words; all others as they are. */
function folderError(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new DiskFullError(folder, 1_000_000);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST')
    return new StoreFolderError(folder, code);
  return error;
}
