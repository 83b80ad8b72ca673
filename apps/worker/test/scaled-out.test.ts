// The worker on PostgreSQL and Redis.
import { it } from 'vitest';
import { workerContract } from './contract.ts';
import { scaledOut } from './support/stage.ts';

const services = await scaledOut();
if (typeof services === 'string') {
  console.warn(`skipped: ${services}`);
  it.skip('a worker on PostgreSQL and Redis', () => undefined);
} else {
  workerContract('PostgreSQL and Redis', async () => services);
}
