// The embedded database: PGlite in a thread, behind a private Unix socket, for exactly one connection.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { answerBackups } from './backups.ts';
import { lockDirectory } from './lock.ts';
import { DatabaseThread } from './thread.ts';

export interface Embedded {
  /** Folder of the socket `.s.PGSQL.5432`: what PostgreSQL's drivers call the host. */
  readonly host: string;
  /** The whole database as a gzip archive, as it is at one moment: a transaction under way is not in it. */
  backup(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Longest path that fits the system's socket address on every platform. */
const SOCKET_PATH = 100;
const SOCKET_NAME = '.s.PGSQL.5432';

const pack = promisify<Uint8Array, Uint8Array>(gzip);

/** Folder of the database inside a data directory. */
export const databaseFolder = (directory: string): string => join(directory, 'database');

/** @param archive a tar archive of a migrated database to begin with (tests) */
export async function openEmbedded(directory: string | undefined, archive?: Uint8Array): Promise<Embedded> {
  const lock = directory === undefined ? undefined : await lockDirectory(directory);
  let host: string | undefined;
  let thread: DatabaseThread | undefined;
  let backups: AsyncDisposable | undefined;
  const close = async () => {
    try {
      await backups?.[Symbol.asyncDispose]();
      await thread?.close();
    } finally {
      if (host !== undefined) rmSync(host, { recursive: true, force: true });
      await lock?.release();
    }
  };
  try {
    host = socketFolder(directory);
    const database = await DatabaseThread.start({
      socket: join(host, SOCKET_NAME),
      ...(directory !== undefined && { folder: databaseFolder(directory) }),
      ...(archive && { archive }),
    });
    thread = database;
    // Packed here, in the system's threads: other statements wait for the dump alone.
    const backup = async () => pack(await database.dump());
    if (lock) backups = await answerBackups(host, backup);
    return { host, backup, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where the sockets of a data directory are, unless its path is too long. */
export const socketsOf = (directory: string): string => join(directory, 'socket');

/** Inside the data directory, where a killed process's leftovers are found again; elsewhere if its path is too long. */
function socketFolder(directory: string | undefined): string {
  const inside = directory === undefined ? undefined : socketsOf(directory);
  if (inside === undefined || join(inside, SOCKET_NAME).length > SOCKET_PATH) {
    return mkdtempSync(join(tmpdir(), 'tessera-'));
  }
  rmSync(inside, { recursive: true, force: true });
  mkdirSync(inside);
  chmodSync(inside, 0o700);
  return inside;
}
