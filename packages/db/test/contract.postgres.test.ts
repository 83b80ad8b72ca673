// All contracts on PostgreSQL, where there is one.
import { afterAll, beforeAll, describe } from 'vitest';
import { type Database, openDatabase } from '../src/index.ts';
import { startPostgres } from '../src/testing.ts';
import { CONTRACTS } from './contract/index.ts';

const postgres = await startPostgres();
if (typeof postgres === 'string') console.warn(`Skipped: ${postgres}.`);

describe.skipIf(typeof postgres === 'string')('PostgreSQL', () => {
  let database: Database;
  beforeAll(async () => {
    if (typeof postgres !== 'string') database = await openDatabase({ url: await postgres.createDatabase() });
  }, 120_000);
  afterAll(async () => {
    await database.close();
    if (typeof postgres !== 'string') await postgres.stop();
  });
  for (const [name, contract] of Object.entries(CONTRACTS)) describe(name, () => contract(() => database));
});
