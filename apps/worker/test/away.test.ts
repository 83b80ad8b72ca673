// What an outage costs: no run is taken from a worker that lives, and the log gets a line, not one per step.
import { type Bus, BusUnavailableError, openBus } from '@tessera/bus';
import {
  claimNext,
  createRun,
  createUser,
  createWorkspace,
  type Database,
  expireLeases,
  getRun,
  renewLease,
} from '@tessera/db';
import { openTestDatabase } from '@tessera/db/testing';
import { limitsWith } from '@tessera/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Announcer } from '../src/announce.ts';
import { workerLimitsWith } from '../src/limits.ts';
import { workerMetrics } from '../src/metrics.ts';
import { Sweeper } from '../src/sweeper.ts';

let database: Database;
let bus: Bus;
beforeEach(async () => {
  database = await openTestDatabase();
  bus = await openBus();
});
afterEach(async () => {
  await bus[Symbol.asyncDispose]();
  await database.close();
});

const silent = pino({ level: 'silent' });
const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
};

async function leasedRun(seconds: number) {
  const { id: userId } = await createUser(database, { name: 'Ada', email: 'ada@example.org' });
  const { id: workspaceId } = await createWorkspace(database, { name: 'Lab', slug: 'lab', ownerId: userId });
  const { id } = await createRun(database, {
    workspaceId,
    userId,
    config: {},
    prompts: [],
    tokenizer: 'toy',
    tokens: { kind: 'indices', positions: 4 },
    iterations: 5,
  });
  const claim = await claimNext(database, { worker: 'alive', capabilities: [], leaseSeconds: seconds });
  const status = async () => (await getRun(database, workspaceId, id)).status;
  return { id, fence: claim!.lease.fence, status };
}

it('after an outage a living worker keeps its run: it may renew first; a dead one loses it a lease later', async () => {
  const run = await leasedRun(0.05);
  let away = true;
  let asked = 0;
  const seen = {
    ...database,
    health: async () => {
      asked += 1;
      return away ? { ok: false, milliseconds: 0 } : database.health();
    },
  };
  // The lease is over long before the database is back.
  await until(async () => {
    const rows = await database.client.$queryRaw<{ over: boolean }[]>`
      SELECT lease_expires_at < clock_timestamp() AS over FROM runs WHERE id = ${run.id}`;
    return rows[0]!.over;
  });
  const limits = { ...limitsWith({ leaseSeconds: 3 }), ...workerLimitsWith({ sweepMs: 10 }) };
  const announcer = new Announcer(bus, silent, limits);
  const sweeper = new Sweeper({ database: seen, announcer, limits, metrics: workerMetrics(() => []), log: silent });
  sweeper.start();
  await until(() => asked > 2);
  away = false;
  const before = asked;
  await until(() => asked > before + 2);
  expect(await run.status()).toBe('leased');
  await renewLease(database, run.id, run.fence, 0.05);
  // Nothing is renewed any more: now its worker is taken for dead.
  await until(async () => (await run.status()) === 'queued');
  await sweeper.stop();
});

it('a lease that is over is taken at once where the database was there all the time', async () => {
  const run = await leasedRun(0.01);
  await until(async () => (await expireLeases(database)).length > 0);
  expect(await run.status()).toBe('queued');
});

it('the log has one line when the bus goes, and one with a count when it is back', async () => {
  const lines: { msg: string; messages?: number }[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) });
  let away = false;
  const live = {
    ...bus.live,
    publish: async (...args: Parameters<Bus['live']['publish']>) => {
      if (away) throw new BusUnavailableError('publishing', new Error('gone'));
      return bus.live.publish(...args);
    },
  };
  const announcer = new Announcer({ ...bus, live }, log, { statusAttempts: 1 });
  const frame = (seq: number) =>
    announcer.frame({ runId: 'r', seq, format: 'webp', size: 8, bytes: new Uint8Array(4), sha256: '0'.repeat(64) });
  await frame(1);
  expect(lines).toEqual([]);
  away = true;
  for (let seq = 2; seq < 42; seq++) await frame(seq);
  expect(lines.map(({ msg }) => msg)).toEqual(['the bus is away; runs go on, and what they give is stored']);
  away = false;
  for (let seq = 42; seq < 45; seq++) await frame(seq);
  expect(lines.slice(1)).toMatchObject([{ msg: 'the bus is back', messages: 40 }]);
});
