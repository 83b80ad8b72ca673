// Reads a file that a user named, after a look at what it is and how large.
import { readFile, stat } from 'node:fs/promises';
import { InputError } from '../errors.ts';
import { bytes as inWords } from '../output/words.ts';

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path',
  ENOTDIR: 'a part of the path is not a folder; check the path',
  EISDIR: 'it is a folder; name a file in it',
  EACCES: 'it may not be read; check its permissions',
};

/** @throws InputError for missing, unreadable, special and large files */
export async function readInput(file: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const { size, ...info } = await stat(file).then((s) => ({
      size: s.size,
      isFile: s.isFile(),
      isFolder: s.isDirectory(),
    }));
    if (info.isFolder) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (!info.isFile) throw new InputError(file, 'it is not a regular file; name a file');
    if (size > maxBytes)
      throw new InputError(
        file,
        `it has ${inWords(size)}, at most ${inWords(maxBytes)} are read; is this the right file?`,
      );
    return await readFile(file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new InputError(file, CAUSES[code] ?? `it cannot be read (${code})`, { cause: error });
  }
}
