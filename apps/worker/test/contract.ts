// What a worker does with a run, over any database and bus.
import {
  claimNext,
  expireLeases,
  finishRun,
  getRun,
  listSteering,
  loadCheckpoint,
  nearestRunsByImage,
  requestCancel,
  requestPause,
  requestSteer,
  resumeRun,
} from '@tessera/db';
import { parseManifest } from '@tessera/engine';
import { sniff } from '@tessera/media';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { essence, undisturbed } from './support/engine.ts';
import { type Follower, follow } from './support/follow.ts';
import { HOOK_MS, openStage, type Services, type Stage } from './support/stage.ts';
import { smallPlan } from './support/world.ts';

export function workerContract(name: string, open: () => Promise<Services>): void {
  describe(`a worker on ${name}`, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(await open());
    }, HOOK_MS);
    afterAll(async () => {
      await stage?.[Symbol.asyncDispose]();
    }, HOOK_MS);

    const runOf = (runId: string) => getRun(stage.database, stage.world.workspaceId, runId);
    const queue = async (...args: Parameters<Stage['world']['queue']>) => {
      const run = await stage.world.queue(...args);
      await stage.bus.queue.hint(run.id);
      return run;
    };
    const expectGapless = (seen: Follower, count: number) => {
      expect(seen.gaps).toEqual([]);
      expect(seen.steps.map(({ step }) => step)).toEqual(Array.from({ length: count }, (_, i) => i));
    };

    it('W1 W5: computes a run to its end: stored equals published equals undisturbed', async () => {
      await using worker = await stage.worker();
      const plan = smallPlan({ meter: { model: 'pocket-siglip', every: 4 } });
      const { id } = await queue(plan);
      await using seen = follow(stage.bus, id);
      await seen.became('completed');
      const stored = await stage.world.steps(id);
      expectGapless(seen, 12);
      expect(essence(seen.steps)).toEqual(essence(stored));
      expect(essence(stored)).toEqual(essence(await undisturbed(stage.engine, plan)));
      expect(seen.statuses.at(-1)).toMatchObject({ status: 'completed', seq: 12 });
      const last = seen.frames.at(-1)!;
      expect(last).toMatchObject({ seq: 12, format: 'webp', size: 128 });
      expect(sniff(last.bytes)?.format).toBe('webp');
      const run = await runOf(id);
      expect(run).toMatchObject({ status: 'completed', nextStep: 12, score: expect.closeTo(stored.at(-1)!.score!, 4) });
      expect(parseManifest(run.manifest)).toMatchObject({ lanes: 1, plan });
      expect((await loadCheckpoint(stage.database, id))?.step).toBe(12);
      const { engine, world } = stage;
      const frame = await engine.decode(await engine.library.tokenizer('pocket-32'), stored.at(-1)!.tokens);
      const vector = await engine.embedFrame(await engine.library.encoder('pocket-clip'), frame);
      const query = { workspaceId: world.workspaceId, model: 'pocket-clip', vector };
      expect(await nearestRunsByImage(stage.database, query)).toEqual([{ id, similarity: expect.closeTo(1, 5) }]);
      expect(await worker.registry.metrics()).toContain('tessera_runs_total{ending="completed"} 1');
    });

    it('W10: goes on in a new engine process when the old one is killed', async () => {
      await using worker = await stage.worker();
      const plan = smallPlan({ iterations: 12, seed: 8 });
      const { id } = await queue(plan);
      await using seen = follow(stage.bus, id);
      await seen.reached(4);
      process.kill((await stage.engine.runtime.stats()).pid, 'SIGKILL');
      await seen.became('completed');
      expectGapless(seen, 12);
      expect(essence(await stage.world.steps(id))).toEqual(essence(await undisturbed(stage.engine, plan)));
      expect(await worker.registry.metrics()).toMatch(/tessera_engine_crashes_total [1-9]/);
    });

    it('W7: cancels soon and keeps what is there', async () => {
      await using worker = await stage.worker();
      const { id } = await queue(smallPlan({ iterations: 5_000 }));
      await using seen = follow(stage.bus, id);
      await seen.reached(3);
      await requestCancel(stage.database, stage.world.workspaceId, id);
      const done = await stepsDone(worker.registry.metrics());
      await stage.bus.queue.signal(id, { type: 'cancel', runId: id });
      await seen.became('cancelled');
      const run = await runOf(id);
      expect(run.status).toBe('cancelled');
      expect(run.nextStep).toBeGreaterThanOrEqual(3);
      if (stage.bus.kind === 'memory') expect(run.nextStep).toBeLessThanOrEqual(done + 20);
      expectGapless(seen, run.nextStep);
      expect((await stage.world.steps(id)).length).toBe(run.nextStep);
      expect(parseManifest(run.manifest).plan.iterations).toBe(5_000);
    });

    it('W7 W2: pauses, and goes on as if it had not', async () => {
      await using _ = await stage.worker();
      const plan = smallPlan({ iterations: 60, seed: 9 });
      const { id } = await queue(plan);
      await using seen = follow(stage.bus, id);
      await seen.reached(2);
      await requestPause(stage.database, stage.world.workspaceId, id);
      await stage.bus.queue.signal(id, { type: 'pause', runId: id });
      await seen.became('paused', 'completed');
      const paused = await runOf(id);
      expect(paused.status).toBe('paused');
      expect((await loadCheckpoint(stage.database, id))?.step).toBe(paused.nextStep);
      await resumeRun(stage.database, stage.world.workspaceId, id);
      // The old command is still on the channel; it must not pause the run again.
      await stage.bus.queue.hint(id);
      await seen.became('completed');
      expectGapless(seen, 60);
      expect(essence(await stage.world.steps(id))).toEqual(essence(await undisturbed(stage.engine, plan)));
    });

    it('W8: applies live changes at one step, records it, and says what it rejected', async () => {
      await using _ = await stage.worker();
      const plan = smallPlan({ iterations: 60, seed: 10 });
      const { id } = await queue(plan);
      await using seen = follow(stage.bus, id);
      await seen.reached(2);
      const ask = async (change: object) => {
        const { workspaceId, userId } = stage.world;
        const { seq } = await requestSteer(stage.database, { workspaceId, runId: id, userId, change });
        await stage.bus.queue.signal(id, { type: 'steer', runId: id, seq, change });
        await stage.bus.queue.signal(id, { type: 'steer', runId: id, seq, change });
        return seq;
      };
      const change = { learningRate: 0.3, objectives: [{ index: 0, prompt: 'a dog in the snow' }] };
      const bad = { objectives: [{ index: 5, weight: 2 }] };
      await ask(change);
      await ask(bad);
      await seen.became('completed');
      const steps = await stage.world.steps(id);
      const asked = await listSteering(stage.database, stage.world.workspaceId, id);
      const applied = asked[0]!.appliedStep!;
      expect(asked.map(({ appliedStep }) => appliedStep)).toEqual([applied, null]);
      const told = steps.flatMap(({ step, steering }) => steering.map((entry) => ({ step, entry })));
      expect(told.filter(({ entry }) => !('rejected' in entry))).toEqual([{ step: applied, entry: change }]);
      expect(told.filter(({ entry }) => 'rejected' in entry).map(({ entry }) => entry)).toEqual([
        { rejected: bad, reason: 'objectives.5: the run has 1 objectives' },
      ]);
      const replayed = { ...plan, steering: [{ step: applied, change }] };
      expect(essence(steps)).toEqual(essence(await undisturbed(stage.engine, replayed)));
    });

    it('W9: stops at once when another worker holds the run', async () => {
      await using worker = await stage.worker({ limits: { sweepMs: 3_600_000, leaseRenewSeconds: 0.2 } });
      const { id } = await queue(smallPlan({ iterations: 5_000 }));
      await using seen = follow(stage.bus, id);
      await seen.reached(2);
      const stolen = await steal(stage, id);
      await expect.poll(() => worker.registry.metrics()).toContain('{ending="fenced"} 1');
      const { nextStep } = await runOf(id);
      await finishRun(stage.database, id, stolen, { status: 'cancelled' });
      const told = seen.steps.length;
      // The worker goes on with others, and says nothing more of this one.
      const next = await queue(smallPlan({ iterations: 3 }));
      await using other = follow(stage.bus, next.id);
      await other.became('completed');
      expect((await runOf(id)).nextStep).toBe(nextStep);
      expect(seen.steps.length).toBe(told);
      expect(told).toBeLessThanOrEqual(nextStep);
      expect(seen.statuses.map(({ status }) => status)).not.toContain('cancelled');
    });

    it('takes over the run of a worker that fell silent', async () => {
      const { id } = await stage.world.queue(smallPlan({ iterations: 3 }));
      const silent = { worker: 'silent', capabilities: [], leaseSeconds: 0.2 };
      const claim = await claimNext(stage.database, silent);
      expect(claim?.run.id).toBe(id);
      await using worker = await stage.worker({ limits: { sweepMs: 50 } });
      await using seen = follow(stage.bus, id);
      await seen.became('completed');
      expectGapless(seen, 3);
      expect(await worker.registry.metrics()).toContain('tessera_leases_expired_total 1');
    });

    it('W2: hands its runs back when it is closed, and another goes on', async () => {
      const plan = smallPlan({ iterations: 60, seed: 11 });
      const first = await stage.worker();
      const { id } = await queue(plan);
      await using seen = follow(stage.bus, id);
      await seen.reached(2);
      await first.close();
      const between = await runOf(id);
      expect(between).toMatchObject({ status: 'queued', attempts: 0 });
      expect(between.nextStep).toBeLessThan(60);
      await using _ = await stage.worker();
      await seen.became('completed');
      expectGapless(seen, 60);
      expect(essence(await stage.world.steps(id))).toEqual(essence(await undisturbed(stage.engine, plan)));
    });

    it('shares steps between runs that join at different times', async () => {
      await using worker = await stage.worker({ devices: [{ engine: stage.engine, lanes: 2 }] });
      const plan = smallPlan({ iterations: 20, seed: 12 });
      const a = await queue(plan);
      await using first = follow(stage.bus, a.id);
      await first.reached(3);
      const b = await queue(smallPlan({ iterations: 5, seed: 13 }));
      await using second = follow(stage.bus, b.id);
      await Promise.all([first.became('completed'), second.became('completed')]);
      expect(worker.lanes).toBe(2);
      expectGapless(first, 20);
      expectGapless(second, 5);
      const [runA, runB] = await Promise.all([runOf(a.id), runOf(b.id)]);
      expect([parseManifest(runA.manifest).lanes, parseManifest(runB.manifest).lanes]).toEqual([2, 2]);
      const whole = essence(await undisturbed(stage.engine, plan));
      expect(essence(first.steps).slice(0, 3)).toEqual(whole.slice(0, 3));
    });

    it('never lets two workers write one run', async () => {
      await using _a = await stage.worker();
      await using _b = await stage.worker({ devices: [{ engine: stage.engine }] });
      const runs = await Promise.all([1, 2, 3, 4].map((seed) => queue(smallPlan({ iterations: 3, seed }))));
      const followers = runs.map(({ id }) => follow(stage.bus, id));
      await Promise.all(followers.map((seen) => seen.became('completed')));
      for (const [i, seen] of followers.entries()) {
        expectGapless(seen, 3);
        const whole = await undisturbed(stage.engine, smallPlan({ iterations: 3, seed: i + 1 }));
        expect(essence(await stage.world.steps(runs[i]!.id))).toEqual(essence(whole));
        await seen[Symbol.asyncDispose]();
      }
    });
  });
}

/** Steps that the worker has computed, as its metrics say. */
async function stepsDone(metrics: Promise<string>): Promise<number> {
  return Number(/tessera_step_seconds_count\{[^}]*\} (\d+)/.exec(await metrics)?.[1] ?? 0);
}

/** Ends the lease of a run and claims it again; the new fence. */
async function steal({ database }: Stage, runId: string): Promise<number> {
  // Its worker may renew in between: until it did not.
  for (let taken = false; !taken; ) {
    await database.client.$executeRaw`
      UPDATE runs SET lease_expires_at = clock_timestamp() - interval '1 hour' WHERE id = ${runId}`;
    taken = (await expireLeases(database)).some((lease) => lease.runId === runId);
  }
  const claim = await claimNext(database, { worker: 'thief', capabilities: ['provider:cpu'], leaseSeconds: 3_600 });
  if (claim?.run.id !== runId) throw new Error('the claim gave another run');
  return claim.lease.fence;
}
