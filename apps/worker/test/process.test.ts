// Worker processes on PostgreSQL and Redis: killed with -9, asked to end, started with wrong settings.
import { getRun } from '@tessera/db';
import { randomOf } from '@tessera/protocol/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chaos } from './support/chaos.ts';
import { essence, undisturbed } from './support/engine.ts';
import { follow } from './support/follow.ts';
import { HOOK_MS, openStage, type Stage, scaledOut } from './support/stage.ts';
import { WorkerProcess } from './support/worker-process.ts';
import { smallPlan } from './support/world.ts';

const services = await scaledOut();
if (typeof services === 'string') console.warn(`skipped: ${services}`);
const urls = typeof services === 'string' ? undefined : services.urls;

/** The full count: npm run chaos -w apps/worker -- --rounds 100 */
const ROUNDS = 2;

describe.skipIf(!urls)('worker processes', () => {
  let stage: Stage;
  beforeAll(async () => {
    if (typeof services !== 'string') stage = await openStage(services);
  }, HOOK_MS);
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
  }, HOOK_MS);

  it('lose and double nothing when they are killed with -9 at random steps', async () => {
    const seed = Date.now() % 1_000_000;
    console.log(`chaos seed ${seed}`);
    await using chaos = new Chaos(stage, urls!, randomOf(seed));
    await chaos.start(2);
    for (let round = 0; round < ROUNDS; round++) {
      expect(await chaos.round()).toMatchObject({ lost: false, badSteps: 0, differs: false, badReplay: false });
    }
  }, 240_000);

  it('hand their run back on SIGTERM, and another goes on from the same state', async () => {
    const plan = smallPlan({ iterations: 100, seed: 31 });
    await using first = new WorkerProcess('term1', urls!);
    await first.started;
    const { id } = await stage.world.queue(plan);
    await using seen = follow(stage.bus, id);
    await stage.bus.queue.hint(id);
    await seen.reached(2);
    expect(await first.end('SIGTERM')).toBe(0);
    const between = await getRun(stage.database, stage.world.workspaceId, id);
    expect(between).toMatchObject({ status: 'queued', attempts: 0 });
    await using second = new WorkerProcess('term2', urls!);
    await second.started;
    await seen.became('completed');
    expect(essence(await stage.world.steps(id))).toEqual(essence(await undisturbed(stage.engine, plan)));
  }, 240_000);
});

it('end with a word when their settings are wrong', async () => {
  await using worker = new WorkerProcess('wrong', { database: 'mysql://nowhere', redis: 'redis://127.0.0.1:1' });
  await expect(worker.started).rejects.toThrow('ended before');
});
