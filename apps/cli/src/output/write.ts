// Writes results: under a temporary name first, so that a file is either whole or not there.
import { randomUUID } from 'node:crypto';
import { type Stats, statSync } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OutputError } from '../errors.ts';

const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space or name a place on another disk',
  EDQUOT: 'your quota of disk space is used up; free some or name a place on another disk',
  EFBIG: 'the file would be larger than allowed here; raise the limit or name another place',
  EACCES: 'it may not be written; name another place or change the permissions',
  EPERM: 'it may not be written; name another place or change the permissions',
  EROFS: 'the disk is read-only; name another place',
  ENOTDIR: 'a part of the path is a file, not a folder; name another place',
  EEXIST: 'a part of the path is a file, not a folder; name another place',
  EISDIR: 'it is a folder; name a file',
  ENAMETOOLONG: 'the name is too long; choose a shorter one',
  EIO: 'the disk reports an error; name a place on another disk',
};

/**
 * Writes a whole file and only then gives it its name. A device or pipe is written directly.
 * @throws OutputError naming cause and cure; nothing is left behind
 */
export async function writeResult(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    if (isSpecial(path)) return await writeFile(path, bytes);
    await mkdir(dirname(path), { recursive: true });
    const out = await open(temporary, 'wx');
    try {
      await out.writeFile(bytes);
      await out.sync();
    } finally {
      await out.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw outputError(path, error);
  }
}

/** A system error while writing, in words. */
export function outputError(path: string, error: unknown): OutputError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new OutputError(path, CAUSES[code] ?? code, { cause: error });
}

/** @throws OutputError when the file exists and may not be replaced */
export function checkFree(path: string, force: boolean): void {
  const there = look(path);
  if (there?.isDirectory()) throw new OutputError(path, CAUSES.EISDIR!);
  if (there?.isFile() && !force) throw new OutputError(path, 'it exists already; choose another name or add --force');
}

/** What lies at a path, if anything does. @throws OutputError when the path itself makes no sense */
export function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw outputError(path, error);
  }
}

/** A device or a pipe: there is nothing to replace. */
function isSpecial(path: string): boolean {
  const there = look(path);
  return there !== undefined && !there.isFile() && !there.isDirectory();
}
