// Contract: a run is written only by who holds it, and does what people ask.
import type { StepRecord } from '@tessera/protocol';
import { describe, expect, test } from 'vitest';
import {
  appendSteps,
  type Database,
  expireLeases,
  FencedError,
  finishRun,
  getRun,
  InputError,
  listSteering,
  loadCheckpoint,
  NotFoundError,
  pauseHeldRun,
  RunStateError,
  readSteps,
  releaseLease,
  renewLease,
  requestCancel,
  requestPause,
  requestSteer,
  resumeRun,
  StepGapError,
  updateRun,
} from '../../src/index.ts';
import { stepsOf } from '../steps-of.ts';
import { take } from './take.ts';
import { makeWorld, type World } from './world.ts';

export function heldRunsContract(open: () => Database): void {
  describe('leases and fences', () => {
    test('an expired lease gives the run to another worker, and the first one is refused everything', async () => {
      const world = await makeWorld(open());
      const { run } = (await take({ ...world, run: world.run } as World, 'w', { leaseSeconds: 0 })) ?? {
        run: undefined,
      };
      expect(run).toBeUndefined();
      const { id } = await world.run();
      const first = (await take(world, 'w1', { leaseSeconds: 0.05 }))!;
      await appendSteps(world.database, {
        runId: id,
        fence: first.lease.fence,
        steps: stepsOf({ count: 3 }),
        checkpoint: { step: 3, data: Uint8Array.of(1, 2, 3) },
      });
      await new Promise((resolve) => setTimeout(resolve, 80));
      expect(await expireLeases(world.database)).toContainEqual({
        runId: id,
        workspaceId: world.workspaceId,
        status: 'queued',
      });
      const second = (await take(world, 'w2'))!;
      expect(second.run.id).toBe(id);
      expect(second.lease.fence).toBe(first.lease.fence + 1);
      expect(await loadCheckpoint(world.database, id)).toEqual({ step: 3, data: Uint8Array.of(1, 2, 3) });
      const old = first.lease.fence;
      const steps = stepsOf({ first: 3, count: 2 });
      await expect(appendSteps(world.database, { runId: id, fence: old, steps })).rejects.toThrow(FencedError);
      await expect(renewLease(world.database, id, old)).rejects.toThrow(FencedError);
      await expect(releaseLease(world.database, id, old, 'x')).rejects.toThrow(FencedError);
      await expect(finishRun(world.database, id, old, { status: 'completed' })).rejects.toThrow(FencedError);
      await appendSteps(world.database, { runId: id, fence: second.lease.fence, steps });
      expect((await readSteps(world.database, world.workspaceId, id)).map(({ step }) => step)).toEqual([0, 1, 2, 3, 4]);
    });

    test('a lease that is renewed does not expire; one handed back queues at once', async () => {
      const world = await makeWorld(open());
      const { runId, fence } = await world.held();
      const { expiresAt } = await renewLease(world.database, runId, fence, 60);
      expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 30_000);
      expect((await expireLeases(world.database)).map((lease) => lease.runId)).not.toContain(runId);
      await releaseLease(world.database, runId, fence, 'the worker shuts down');
      expect((await getRun(world.database, world.workspaceId, runId)).state).toEqual({
        status: 'queued',
        interrupted: 'the worker shuts down',
      });
      expect((await take(world))?.run.id).toBe(runId);
    });

    test('a run that ends its workers without a step fails in the end', async () => {
      const world = await makeWorld(open());
      const { id } = await world.run();
      for (let attempt = 1; attempt <= 3; attempt++) {
        await take(world, `w${attempt}`, { leaseSeconds: -1 });
        const [expired] = (await expireLeases(world.database, 3)).filter(({ runId }) => runId === id);
        expect(expired?.status).toBe(attempt < 3 ? 'queued' : 'failed');
      }
      expect((await getRun(world.database, world.workspaceId, id)).state).toMatchObject({
        status: 'failed',
        error: { code: 'WORKER_DIED' },
      });
    });
  });

  describe('steps', () => {
    test('no gap, no duplicate: repeated steps are dropped, later ones refused', async () => {
      const world = await makeWorld(open());
      const { runId, fence } = await world.held();
      const append = (first: number, count: number) =>
        appendSteps(world.database, { runId, fence, steps: stepsOf({ first, count }) });
      expect(await append(0, 10)).toEqual({ stored: 10, repeated: 0, nextStep: 10 });
      expect(await append(5, 10)).toEqual({ stored: 5, repeated: 5, nextStep: 15 });
      expect(await append(0, 15)).toEqual({ stored: 0, repeated: 15, nextStep: 15 });
      await expect(append(17, 2)).rejects.toThrow(StepGapError);
      const { gradientNorms: _, ...last } = (await readSteps(world.database, world.workspaceId, runId)).at(-1)!;
      expect(last).toMatchObject({ step: 14, changed: stepsOf({ first: 14, count: 1 })[0]!.changed });
      const run = await getRun(world.database, world.workspaceId, runId);
      expect(run).toMatchObject({ status: 'running', nextStep: 15, attempts: 0 });
      expect(run.loss).toBeCloseTo(stepsOf({ count: 15 }).findLast(({ loss }) => !Number.isNaN(loss))!.loss, 6);
    });

    test('the same batch sent 6 times at once is stored once', async () => {
      const world = await makeWorld(open());
      const { runId, fence } = await world.held();
      const sent = Array.from({ length: 6 }, () =>
        appendSteps(world.database, { runId, fence, steps: stepsOf({ count: 20 }) }),
      );
      const stored = (await Promise.all(sent)).map((appended) => appended.stored);
      expect(stored.sort((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 20]);
      expect(await readSteps(world.database, world.workspaceId, runId)).toHaveLength(20);
    });

    test('steps of another shape, and checkpoints beyond the steps, change nothing', async () => {
      const world = await makeWorld(open());
      const { runId, fence } = await world.held();
      const vectors = stepsOf({ count: 2, positions: 32, channels: 2 });
      await expect(appendSteps(world.database, { runId, fence, steps: vectors })).rejects.toThrow(InputError);
      const steps = stepsOf({ count: 2 });
      const checkpoint = { step: 3, data: new Uint8Array(8) };
      await expect(appendSteps(world.database, { runId, fence, steps, checkpoint })).rejects.toThrow(InputError);
      expect((await getRun(world.database, world.workspaceId, runId)).nextStep).toBe(0);
      expect(await loadCheckpoint(world.database, runId)).toBeUndefined();
    });
  });

  describe('what people do to a run', () => {
    test('cancel: at once while it waits, told to its worker while it runs, refused when it is over', async () => {
      const world = await makeWorld(open());
      const { database, workspaceId } = world;
      const waiting = await world.run();
      expect((await requestCancel(database, workspaceId, waiting.id)).status).toBe('cancelled');
      expect(await take(world)).toBeUndefined();
      const { runId, fence } = await world.held();
      await appendSteps(database, { runId, fence, steps: stepsOf({ count: 5 }) });
      expect(await requestCancel(database, workspaceId, runId)).toMatchObject({
        status: 'running',
        cancelRequested: true,
      });
      expect((await renewLease(database, runId, fence)).cancelRequested).toBe(true);
      await finishRun(database, runId, fence, { status: 'cancelled' });
      expect((await requestCancel(database, workspaceId, runId)).status).toBe('cancelled');
      expect(await readSteps(database, workspaceId, runId)).toHaveLength(5);
      const done = await world.held();
      await finishRun(database, done.runId, done.fence, { status: 'plateau' });
      await expect(requestCancel(database, workspaceId, done.runId)).rejects.toThrow(RunStateError);
      await expect(requestCancel(database, 'other', done.runId)).rejects.toThrow(NotFoundError);
    });

    test('a cancelled run whose worker dies is over, not queued', async () => {
      const world = await makeWorld(open());
      const { id } = await world.run();
      await take(world, 'w', { leaseSeconds: -1 });
      await requestCancel(world.database, world.workspaceId, id);
      await expireLeases(world.database);
      expect((await getRun(world.database, world.workspaceId, id)).status).toBe('cancelled');
      expect(await take(world)).toBeUndefined();
    });

    test('pause and resume, waiting and running', async () => {
      const world = await makeWorld(open());
      const { database, workspaceId } = world;
      const { id } = await world.run();
      expect((await requestPause(database, workspaceId, id)).status).toBe('paused');
      expect(await take(world)).toBeUndefined();
      expect((await resumeRun(database, workspaceId, id)).status).toBe('queued');
      const claim = (await take(world))!;
      await requestPause(database, workspaceId, id);
      expect((await renewLease(database, id, claim.lease.fence)).pauseRequested).toBe(true);
      expect((await pauseHeldRun(database, id, claim.lease.fence)).status).toBe('paused');
      await resumeRun(database, workspaceId, id);
      await expect(resumeRun(database, workspaceId, id)).rejects.toThrow(RunStateError);
      expect((await take(world))?.run.id).toBe(id);
    });

    test('live changes reach the worker in order, once, and stay in the history', async () => {
      const world = await makeWorld(open());
      const { database, workspaceId, userId } = world;
      const { runId, fence } = await world.held();
      const steer = (learningRate: number) =>
        requestSteer(database, { workspaceId, runId, userId, change: { learningRate } });
      await Promise.all([0.1, 0.2, 0.3].map(steer));
      const { steering } = await renewLease(database, runId, fence);
      expect(steering.map(({ seq }) => seq)).toEqual([1, 2, 3]);
      const steered = steering.map(({ seq }) => ({ seq, step: 1 }));
      await appendSteps(database, { runId, fence, steps: stepsOf({ count: 2 }), steered });
      expect((await renewLease(database, runId, fence)).steering).toEqual([]);
      await finishRun(database, runId, fence, { status: 'completed' });
      await expect(steer(0.4)).rejects.toThrow(RunStateError);
      expect((await listSteering(database, workspaceId, runId)).map(({ appliedStep }) => appliedStep)).toEqual([
        1, 1, 1,
      ]);
      expect(await listSteering(database, 'other', runId)).toEqual([]);
    });

    test('a live change of the number of steps is one of the run, once it took effect', async () => {
      const world = await makeWorld(open());
      const { database, workspaceId } = world;
      const { runId, fence } = await world.held({ iterations: 10 });
      const iterations = async () => (await getRun(database, workspaceId, runId)).iterations;
      const [first, second, third] = stepsOf({ count: 3 }) as [StepRecord, StepRecord, StepRecord];
      const rejected = { rejected: { iterations: 2 }, reason: 'no' };
      await appendSteps(database, { runId, fence, steps: [{ ...first, steering: [{ noise: 1 }, rejected] }] });
      expect(await iterations()).toBe(10);
      const changed = { ...second, steering: [{ iterations: 50 }, { iterations: 40, noise: 2 }, { noise: 3 }] };
      await appendSteps(database, { runId, fence, steps: [changed] });
      expect(await iterations()).toBe(40);
      await appendSteps(database, { runId, fence, steps: [changed, third] });
      expect(await iterations()).toBe(40);
      expect((await finishRun(database, runId, fence, { status: 'completed' })).iterations).toBe(40);
    });

    test('a failed run keeps its error, its manifest and its name', async () => {
      const world = await makeWorld(open());
      const { runId, fence } = await world.held();
      await appendSteps(world.database, { runId, fence, steps: stepsOf({ count: 1 }), manifest: { format: 'm' } });
      const error = { code: 'DEVICE', message: 'The device is gone.' };
      await finishRun(world.database, runId, fence, { status: 'failed', error });
      await updateRun(world.database, world.workspaceId, runId, { name: 'The fox', pinned: true });
      const run = await getRun(world.database, world.workspaceId, runId);
      expect(run).toMatchObject({
        state: { status: 'failed', error },
        manifest: { format: 'm' },
        name: 'The fox',
        pinned: true,
      });
    });
  });
}
