// Where a checkpoint's bytes come from: a file that is read in pieces, or bytes in memory.
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { CheckpointFormatError, CheckpointOpenError } from './errors.ts';

export interface ByteSource {
  /** Real path of the file (symbolic links resolved), or a label for bytes in memory. */
  readonly path: string;
  /** Bytes in the source. */
  readonly size: number;
  /** Bytes [offset, offset + length), copied into memory of their own. The caller has checked the range against `size`. */
  read(offset: number, length: number): Uint8Array;
  /** SHA-256 of the whole source, lower-case hexadecimal. Streams; never holds the file in memory. */
  sha256(): Promise<string>;
  close(): void;
}

/** Opens a file for reading in pieces. @throws CheckpointOpenError when it is absent, a folder or not readable. */
export async function fileSource(file: string): Promise<ByteSource> {
  let path: string;
  let fd: number;
  try {
    path = await realpath(file);
    fd = openSync(path, 'r');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new CheckpointOpenError(
      file,
      code,
      code === 'ENOENT' ? 'give the path of an existing file' : 'check that it may be read',
    );
  }
  const stat = fstatSync(fd);
  if (!stat.isFile()) {
    closeSync(fd);
    throw new CheckpointOpenError(file, 'EISDIR', 'give a file such as model.safetensors, not a folder or device');
  }
  let open = true;
  return {
    path,
    size: stat.size,
    read(offset, length) {
      if (!open) throw new CheckpointOpenError(file, 'EBADF', 'it was closed already');
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const got = readSync(fd, bytes, done, length - done, offset + done);
        if (got === 0)
          throw new CheckpointFormatError(
            path,
            'the file became shorter while it was read',
            'do not replace a checkpoint in use',
          );
        done += got;
      }
      return bytes;
    },
    async sha256() {
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(path)) hash.update(chunk);
      return hash.digest('hex');
    },
    close() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}

/** A source over bytes in memory; `label` stands for the path in messages. */
export function memorySource(bytes: Uint8Array, label: string): ByteSource {
  return {
    path: label,
    size: bytes.byteLength,
    // Not bytes.slice(): a Buffer's slice is a view, at an offset that may not be aligned.
    read: (offset, length) => new Uint8Array(bytes.subarray(offset, offset + length)),
    sha256: async () => createHash('sha256').update(bytes).digest('hex'),
    close: () => {},
  };
}
