// Hashes the files of a model and compares them with what they must be.
import { join } from 'node:path';
import { hashFile, sizeOf } from './download.ts';
import { exists } from './folder-state.ts';
import { readLockFile } from './lock-file.ts';
import type { PullProgress } from './pull.ts';
import type { ModelEntry } from './registry.ts';

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

export interface VerifyOptions {
  readonly signal?: AbortSignal;
  /** `received`: bytes hashed so far; `total`: bytes on disk. */
  readonly onProgress?: (progress: PullProgress) => void;
}

/** Compares with the registry's hashes, then with the lock file's. @throws ModelConfigError when the lock file is damaged */
export async function verifyModel(
  entry: ModelEntry,
  folder: string,
  { signal, onProgress }: VerifyOptions = {},
): Promise<VerifyReport> {
  const lock = await readLockFile(folder);
  const sizes = await Promise.all(entry.files.map(({ path }) => sizeOf(join(folder, path))));
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  let before = 0;
  const files: FileReport[] = [];
  for (const { path, sha256: pinned, optional } of entry.files) {
    const expected = pinned ?? lock?.files[path]?.sha256;
    const known = expected ? { expected } : {};
    if (await exists(join(folder, path))) {
      let hashed = 0;
      const onBytes = (bytes: number) => {
        hashed = bytes;
        onProgress?.({ file: path, received: before + bytes, total });
      };
      const sha256 = await hashFile(join(folder, path), { onBytes, ...(signal ? { signal } : {}) });
      before += hashed;
      const state = expected === undefined ? 'unknown' : sha256 === expected ? 'ok' : 'changed';
      files.push({ path, state, sha256, ...known });
    } else if (!optional || expected) files.push({ path, state: 'missing', ...known });
  }
  // The models of this repository are vouched for by the repository itself.
  const fine = entry.embedded ? ['ok', 'unknown'] : ['ok'];
  return { id: entry.id, ok: files.every((f) => fine.includes(f.state)), files };
}
