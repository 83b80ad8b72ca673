// One process per data directory: a listening socket named after it, which the system frees however the process ends.
import { createHash } from 'node:crypto';
import { mkdirSync, statSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirectoryInUseError, UnavailableError } from '../errors.ts';

export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * Creates the directory where it is missing. On Linux and Windows the name is no file, so nothing stale can be left; two
 * containers that share a directory but no network do not see each other's lock.
 * @throws DataDirectoryInUseError when another process, or this one, holds it
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const name = socketName(directory);
  try {
    return await listen(name);
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') {
      throw new UnavailableError(`The data directory ${directory} cannot be locked: ${codeOf(error)}.`, {
        cause: error,
      });
    }
    if (!isFile(name) || (await answers(name))) throw new DataDirectoryInUseError(directory);
    // A socket file that nobody listens on: its process was killed.
    unlinkSync(name);
    return listen(name);
  }
}

const isFile = (name: string): boolean => !name.startsWith('\0') && process.platform !== 'win32';

function socketName(directory: string): string {
  // The inode, not the path: links and bind mounts name the same directory differently.
  const { dev, ino } = statSync(directory, { bigint: true });
  const name = `tessera-${createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return join(tmpdir(), `${name}.lock`);
}

function listen(name: string): Promise<DirectoryLock> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(name, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

function answers(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name, () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
