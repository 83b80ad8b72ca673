// Migrations: they give the schema, they are recorded as Prisma does it, processes that start together apply them once.

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemaDiff } from '../scripts/schema-diff.ts';
import { MigrationError, openDatabase } from '../src/index.ts';
import { readMigrations } from '../src/migrate/files.ts';
import { type PrivatePostgres, startPostgres } from '../src/testing.ts';

test('the migrations give exactly the schema', async () => {
  expect(await schemaDiff()).toBe('');
}, 120_000);

const postgres = await startPostgres();
if (typeof postgres === 'string') console.warn(`Skipped: ${postgres}.`);

describe.skipIf(typeof postgres === 'string')('PostgreSQL', () => {
  let url = '';
  beforeAll(async () => {
    url = await (postgres as PrivatePostgres).createDatabase();
  });
  afterAll(() => (postgres as PrivatePostgres).stop());

  test('four processes that start at once apply each migration once', async () => {
    const databases = await Promise.all([1, 2, 3, 4].map(() => openDatabase({ url, connections: 1 })));
    const rows = await databases[0]!.client.$queryRaw<unknown[]>`
      SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS done FROM _prisma_migrations ORDER BY 1`;
    expect(rows).toEqual(readMigrations().map(({ name, checksum }) => ({ name, checksum, done: true })));
    await Promise.all(databases.map((database) => database.close()));
  });

  test('a changed or unknown migration stops the start, and says which', async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`UPDATE _prisma_migrations SET checksum = 'other'`);
    await expect(openDatabase({ url })).rejects.toThrow(/its text changed/);
    await client.query(`UPDATE _prisma_migrations SET migration_name = '20990101000000_future'`);
    const error = await openDatabase({ url }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MigrationError);
    expect(String(error)).toMatch(/20990101000000_future.*start a newer Tessera/);
    await client.end();
  });

  test('a server that is not there is named as such', async () => {
    await expect(openDatabase({ url: 'postgresql://nobody@127.0.0.1:9/none' })).rejects.toThrow(
      /cannot be reached at DATABASE_URL/,
    );
    await expect(openDatabase({ url: 'mysql://x' })).rejects.toThrow(/must begin with postgresql/);
  });
});
