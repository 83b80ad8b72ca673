// Reads a file that a user named, with the size checked before any of it is read.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { FileAccessError, LimitError } from './errors.ts';

// Absent on Windows, where named pipes are not opened by path.
const NONBLOCKING_READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path',
  EACCES: 'it may not be read; check its permissions',
  EPERM: 'it may not be read; check its permissions',
  EISDIR: 'it is a folder; name a file in it',
  ENOTDIR: 'a part of the path is not a folder; check the path',
  ENAMETOOLONG: 'the name is too long; check the path',
  ELOOP: 'its links run in a circle; check the path',
};

/**
 * The bytes of a regular file of at most `maxBytes`.
 * @throws FileAccessError for missing, unreadable and special files; LimitError for large ones.
 */
export async function readFileLimited(path: string, maxBytes: number): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
    handle = await open(path, NONBLOCKING_READ);
    const stat = await handle.stat();
    if (stat.isDirectory()) throw Object.assign(new Error('folder'), { code: 'EISDIR' });
    if (!stat.isFile()) throw new FileAccessError(path, 'ENOTREG', `cannot read ${path}: it is not a regular file`);
    if (stat.size > maxBytes) throw tooLarge(stat.size, maxBytes);
    return await readWhole(handle, stat.size, path);
  } catch (error) {
    if (error instanceof FileAccessError || error instanceof LimitError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new FileAccessError(path, code, `cannot read ${path}: ${reasons[code] ?? code}`, { cause: error });
  } finally {
    await handle?.close();
  }
}

export function tooLarge(size: number, maxBytes: number): LimitError {
  return new LimitError('the file size', size, maxBytes, 'bytes', 'save it smaller or with more compression');
}

/** One byte more than `size` is asked for, so that a file that grows after `stat` is noticed. */
async function readWhole(handle: FileHandle, size: number, path: string): Promise<Uint8Array> {
  const buffer = Buffer.alloc(size + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
  }
  throw new FileAccessError(path, 'EAGAIN', `cannot read ${path}: it grew meanwhile; wait until it is complete`);
}
