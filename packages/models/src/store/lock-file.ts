// `tessera.lock.json` in a model's folder: the commit and the hashes of its first pull, held to ever after.
import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelConfigError } from './errors.ts';

export const lockFileName = 'tessera.lock.json';

const LockFile = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  repo: z.string(),
  /** The commit all files come from. */
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  files: z.record(
    z.string(),
    z.strictObject({
      bytes: z.int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** Who vouches for the hash: the registry, the hub's large-file store, or this pull alone. */
      vouched: z.enum(['registry', 'hub', 'first-pull']),
    }),
  ),
});

export type LockFile = z.infer<typeof LockFile>;

/** The lock of a model folder, or undefined when there is none. @throws ModelConfigError when it is damaged */
export async function readLockFile(folder: string): Promise<LockFile | undefined> {
  const file = join(folder, lockFileName);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return LockFile.parse(JSON.parse(text));
  } catch {
    throw new ModelConfigError(file, 'content', 'it is damaged: delete it and pull the model again');
  }
}

/** Replaces the lock in one step. */
export async function writeLockFile(folder: string, lock: LockFile): Promise<void> {
  const file = join(folder, lockFileName);
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, `${JSON.stringify(lock, null, 2)}\n`);
  await rename(temporary, file);
}
