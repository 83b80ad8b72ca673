// All contracts on the embedded database: thread, socket and all.
import { afterAll, beforeAll, describe } from 'vitest';
import type { Database } from '../src/index.ts';
import { openTestDatabase } from '../src/testing.ts';
import { CONTRACTS } from './contract/index.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
}, 120_000);
afterAll(() => database.close());

for (const [name, contract] of Object.entries(CONTRACTS)) describe(name, () => contract(() => database));
