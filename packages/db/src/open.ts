// Opens the database: embedded in a data directory, in memory, or PostgreSQL by URL; migrated and ready.
import { writeFile } from 'node:fs/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../generated/client.ts';
import type { Database } from './database.ts';
import { type Embedded, openEmbedded } from './embedded/open.ts';
import { OneConnectionPool } from './embedded/pool.ts';
import { InputError, UnavailableError, UnsupportedError } from './errors.ts';
import { applyMigrations } from './migrate/apply.ts';
import { readMigrations } from './migrate/files.ts';

export type DatabaseOptions =
  /** Embedded, kept in this directory. */
  | { readonly dataDirectory: string }
  /** Embedded and gone when closed: demonstrations and tests. `archive` is a dump to begin with. */
  | { readonly memory: true; readonly archive?: Uint8Array }
  /** PostgreSQL 15 or newer. `connections` is the size of the pool, 10 by default; `connectMs` the wait for one, 10,000. */
  | { readonly url: string; readonly connections?: number; readonly connectMs?: number };

/**
 * @throws DataDirectoryInUseError when another process uses the directory
 * @throws UnavailableError when the server cannot be reached or the directory cannot be opened
 * @throws MigrationError
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if ('url' in options) return openServer(options);
  const embedded =
    'dataDirectory' in options
      ? await openEmbedded(options.dataDirectory)
      : await openEmbedded(undefined, options.archive);
  return embeddedDatabase(embedded);
}

/** The one connection is shared: a transaction may have to wait for a large read before it. */
const EMBEDDED_WAIT_MS = 60_000;

function embeddedDatabase(embedded: Embedded): Database {
  const { host } = embedded;
  const adapter = new PrismaPg(new OneConnectionPool(host), { disposeExternalPool: true });
  const transactionOptions = { maxWait: EMBEDDED_WAIT_MS, timeout: EMBEDDED_WAIT_MS };
  const client = new PrismaClient({ adapter, transactionOptions, errorFormat: 'minimal' });
  return makeDatabase('embedded', client, {
    backup: async (file) => writeFile(file, await embedded.backup(), { mode: 0o600 }),
    close: () => embedded.close(),
  });
}

/** For a connection, the wait for a free one of the pool included: an address may take it and never answer. */
const CONNECT_MS = 10_000;
/** A database that answers no `SELECT 1` for so long cannot serve. */
const HEALTH_MS = 3_000;

async function openServer({
  url,
  connections = 10,
  connectMs = CONNECT_MS,
}: Extract<DatabaseOptions, { readonly url: string }>): Promise<Database> {
  if (!/^postgres(ql)?:\/\//.test(url)) throw new InputError('DATABASE_URL', 'must begin with postgresql://');
  await migrateServer(url, connectMs);
  const transactionOptions = { maxWait: 10_000, timeout: 30_000 };
  const adapter = new PrismaPg({ connectionString: url, max: connections, connectionTimeoutMillis: connectMs });
  const client = new PrismaClient({ adapter, transactionOptions, errorFormat: 'minimal' });
  return makeDatabase('server', client, {
    backup: async () => {
      throw new UnsupportedError('This database is PostgreSQL; use pg_dump to back it up.');
    },
    close: async () => undefined,
  });
}

async function migrateServer(url: string, connectMs: number): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs });
  try {
    await client.connect();
  } catch (cause) {
    throw new UnavailableError('PostgreSQL cannot be reached at DATABASE_URL; check the address and that it runs.', {
      cause,
    });
  }
  try {
    await applyMigrations(
      {
        execute: async (sql) => void (await client.query(sql)),
        query: async (sql, values) => (await client.query<Record<string, unknown>>(sql, values)).rows,
      },
      readMigrations(),
    );
  } finally {
    await client.end();
  }
}

function makeDatabase(
  kind: Database['kind'],
  client: PrismaClient,
  { backup, close }: { backup(file: string): Promise<void>; close(): Promise<void> },
): Database {
  let closing: Promise<void> | undefined;
  const closeOnce = () => {
    closing ??= client.$disconnect().then(close);
    return closing;
  };
  return {
    kind,
    client,
    backup,
    health: async () => {
      const start = performance.now();
      const answered = client.$queryRaw`SELECT 1`.then(
        () => true,
        () => false,
      );
      const ok = await within(HEALTH_MS, answered);
      return { ok: ok && closing === undefined, milliseconds: performance.now() - start };
    },
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  };
}

/** False where it takes longer. */
async function within(ms: number, answer: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
