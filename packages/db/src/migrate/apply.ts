// Applies migrations and records them as Prisma's engine does, so that either may go on after the other.
import { randomUUID } from 'node:crypto';
import { MigrationError } from '../errors.ts';
import type { Migration } from './files.ts';

/** One connection. `execute` takes several statements at once and no values. */
export interface MigrationConnection {
  execute(sql: string): Promise<void>;
  query(sql: string, values: unknown[]): Promise<Record<string, unknown>[]>;
}

/** The key Prisma's engine locks as well. */
const LOCK_KEY = 72707369;

const TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Applies what is missing, each migration in its own transaction, and returns the names applied.
 * Processes that start together wait for each other: one applies, the others find nothing to do.
 * @throws MigrationError when a recorded migration has changed or is unknown here, or one fails
 */
export async function applyMigrations(
  connection: MigrationConnection,
  migrations: readonly Migration[],
): Promise<string[]> {
  await connection.query('SELECT pg_advisory_lock($1::bigint)', [LOCK_KEY]);
  try {
    await connection.execute(TABLE);
    const rows = await connection.query(
      'SELECT migration_name AS name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
      [],
    );
    const recorded = new Map(rows.map(({ name, checksum }) => [String(name), String(checksum)]));
    checkHistory(recorded, migrations);
    const missing = migrations.filter(({ name }) => !recorded.has(name));
    for (const migration of missing) await applyOne(connection, migration);
    return missing.map(({ name }) => name);
  } finally {
    await connection.query('SELECT pg_advisory_unlock($1::bigint)', [LOCK_KEY]);
  }
}

function checkHistory(recorded: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of recorded) {
    if (!known.has(name)) {
      throw new MigrationError(name, 'the database has it and this program does not; start a newer Tessera');
    }
    if (known.get(name) !== checksum) {
      throw new MigrationError(name, 'its text changed after it was applied; restore it and add a new migration');
    }
  }
}

async function applyOne(connection: MigrationConnection, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await connection.execute('BEGIN');
    await connection.execute(sql);
    await connection.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await connection.execute('COMMIT');
  } catch (error) {
    await connection.execute('ROLLBACK');
    throw new MigrationError(name, `it failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
