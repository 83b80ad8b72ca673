// The embedded database: PGlite in a thread, behind a private Unix socket, for exactly one connection.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DirectoryLock, lockDirectory } from './lock.ts';
import { DatabaseThread } from './thread.ts';

export interface Embedded {
  readonly thread: DatabaseThread;
  /** Folder of the socket `.s.PGSQL.5432`: what PostgreSQL's drivers call the host. */
  readonly host: string;
  close(): Promise<void>;
}

/** Longest path that fits the system's socket address on every platform. */
const SOCKET_PATH = 100;
const SOCKET_NAME = '.s.PGSQL.5432';

/** Folder of the database inside a data directory. */
export const databaseFolder = (directory: string): string => join(directory, 'database');

/** @param archive a tar archive of a migrated database to begin with (tests) */
export async function openEmbedded(directory: string | undefined, archive?: Uint8Array): Promise<Embedded> {
  const lock = directory === undefined ? undefined : await lockDirectory(directory);
  let host: string | undefined;
  try {
    host = socketFolder(directory);
    const thread = await DatabaseThread.start({
      socket: join(host, SOCKET_NAME),
      ...(directory !== undefined && { folder: databaseFolder(directory) }),
      ...(archive && { archive }),
    });
    const folder = host;
    return { thread, host, close: () => closeAll(thread, folder, lock) };
  } catch (error) {
    await closeAll(undefined, host, lock);
    throw error;
  }
}

async function closeAll(thread: DatabaseThread | undefined, host: string | undefined, lock: DirectoryLock | undefined) {
  try {
    await thread?.close();
  } finally {
    if (host !== undefined) rmSync(host, { recursive: true, force: true });
    await lock?.release();
  }
}

/** Inside the data directory, where a killed process's leftovers are found again; elsewhere if its path is too long. */
function socketFolder(directory: string | undefined): string {
  const inside = directory === undefined ? undefined : join(directory, 'socket');
  if (inside === undefined || join(inside, SOCKET_NAME).length > SOCKET_PATH) {
    return mkdtempSync(join(tmpdir(), 'tessera-'));
  }
  rmSync(inside, { recursive: true, force: true });
  mkdirSync(inside);
  chmodSync(inside, 0o700);
  return inside;
}
