// Contract: runs are made once, and given to one worker, fairly.
import { describe, expect, test } from 'vitest';
import {
  createRun,
  createSweep,
  type Database,
  finishRun,
  getRun,
  IdempotencyConflictError,
  InputError,
  NotFoundError,
  QuotaError,
  queueLoad,
  queuePositions,
} from '../../src/index.ts';
import { take } from './take.ts';
import { makeWorld } from './world.ts';

export function runsContract(open: () => Database): void {
  describe('making runs', () => {
    test('a run is queued with its row, and readable only in its workspace', async () => {
      const world = await makeWorld(open());
      const other = await makeWorld(open());
      const run = await world.run();
      expect(run).toMatchObject({ status: 'queued', state: { status: 'queued' }, nextStep: 0, priority: 0 });
      expect(await queuePositions(world.database, world.workspaceId)).toMatchObject([{ runId: run.id }]);
      await expect(getRun(world.database, other.workspaceId, run.id)).rejects.toThrow(NotFoundError);
      await take(world);
    });

    test('the same key and body give the same run, also when sent 8 times at once; another body is refused', async () => {
      const world = await makeWorld(open());
      const sent = Array.from({ length: 8 }, () => world.run({ idempotencyKey: 'k1' }));
      const ids = new Set((await Promise.all(sent)).map(({ id }) => id));
      expect(ids.size).toBe(1);
      await expect(world.run({ idempotencyKey: 'k1', iterations: 5 })).rejects.toThrow(IdempotencyConflictError);
      expect(await queuePositions(world.database, world.workspaceId)).toHaveLength(1);
      // Where it is told what was asked for, that counts, and not what became of it in the meantime.
      const request = { mutation: 'startRun' };
      const asked = await world.run({ idempotencyKey: 'k2', request });
      expect((await world.run({ idempotencyKey: 'k2', request, iterations: 5 })).id).toBe(asked.id);
      await expect(world.run({ idempotencyKey: 'k2', request: {} })).rejects.toThrow(IdempotencyConflictError);
      await take(world);
      // Another user's key is another key.
      const again = await world.run({ idempotencyKey: 'k1', userId: await world.user() });
      expect(ids.has(again.id)).toBe(false);
      await take(world);
      await take(world);
    });

    test('a refused run leaves nothing: foreign references, steps that do not exist, bad numbers, quotas', async () => {
      const world = await makeWorld(open());
      const other = await makeWorld(open());
      const foreign = await other.run();
      const attempt = (over: object) => world.run({ idempotencyKey: 'k', ...over });
      await expect(attempt({ parent: { runId: foreign.id, step: 0 } })).rejects.toThrow(NotFoundError);
      await expect(attempt({ seedId: 'none' })).rejects.toThrow(NotFoundError);
      await expect(attempt({ sessionId: 'x\0y' })).rejects.toThrow(NotFoundError);
      await expect(attempt({ iterations: Number.NaN })).rejects.toThrow(InputError);
      await expect(attempt({ iterations: 20_001 })).rejects.toThrow(InputError);
      await expect(attempt({ name: 'a\0b' })).rejects.toThrow(InputError);
      const quotas = { queuedRunsPerUser: 0, queuedRunsPerWorkspace: 5 };
      const input = {
        workspaceId: world.workspaceId,
        userId: world.userId,
        config: {},
        prompts: [],
        tokenizer: 't',
        tokens: { kind: 'indices' as const, positions: 1 },
        iterations: 1,
      };
      await expect(createRun(world.database, input, quotas)).rejects.toThrow(QuotaError);
      expect(await queuePositions(world.database, world.workspaceId)).toEqual([]);
      // The key was not used up by the attempts.
      const mine = await attempt({});
      await expect(world.run({ parent: { runId: mine.id, step: 0 } })).rejects.toThrow(/it has no steps yet/);
      await take(world);
      await take(other);
    });

    test('a sweep is made as a whole, once', async () => {
      const world = await makeWorld(open());
      const run = {
        config: {},
        prompts: ['fox'],
        tokenizer: 't',
        tokens: { kind: 'indices' as const, positions: 4 },
        iterations: 3,
        needs: [world.capability],
        priority: -1,
      };
      const axes = [
        { path: 'learningRate', values: [0.1, 0.2] },
        { path: 'noise', values: [0, 1, 2] },
      ];
      const runs = [0, 1].flatMap((a) => [0, 1, 2].map((b) => ({ cell: [a, b], run })));
      const input = {
        workspaceId: world.workspaceId,
        userId: world.userId,
        name: 'grid',
        axes,
        runs,
        idempotencyKey: 's',
      };
      const made = await createSweep(world.database, input);
      expect(made.runs.map(({ sweepCell }) => sweepCell)).toEqual(runs.map(({ cell }) => cell));
      expect(made.sweep.axes).toEqual(axes);
      const again = await createSweep(world.database, input);
      expect(again.runs.map(({ id }) => id)).toEqual(made.runs.map(({ id }) => id));
      // A user's own interactive run goes before the sweep.
      const { id } = await world.run();
      expect((await queuePositions(world.database, world.workspaceId))[0]?.runId).toBe(id);
      expect((await take(world))?.run.id).toBe(id);
      for (const _ of runs) await take(world);
    });
  });

  describe('claims', () => {
    test('the least recently served user first, and needs must be offered', async () => {
      const world = await makeWorld(open());
      const [b, c] = [await world.user(), await world.user()];
      for (const _ of [1, 2, 3]) await world.run();
      await world.run({ userId: b });
      await world.run({ userId: c, needs: [world.capability, 'provider:cuda'] });
      await world.run({ userId: c });
      const order: string[] = [];
      for (let claim = await take(world); claim; claim = await take(world)) order.push(claim.run.userId);
      expect(order).toEqual([world.userId, b, c, world.userId, world.userId]);
      const cuda = await take(world, 'gpu', { capabilities: [world.capability, 'provider:cuda'] });
      expect(cuda?.run.userId).toBe(c);
    });

    test('a raised priority goes before everyone, a lowered one only behind its own user', async () => {
      const world = await makeWorld(open());
      const b = await world.user();
      const low = await world.run({ priority: -5 });
      const normal = await world.run();
      const theirs = await world.run({ userId: b });
      const urgent = await world.run({ userId: b, priority: 3 });
      const positions = await queuePositions(world.database, world.workspaceId);
      expect(positions[0]?.runId).toBe(urgent.id);
      const order = [await take(world), await take(world), await take(world), await take(world)].map(
        (claim) => claim?.run.id,
      );
      expect(order).toEqual([urgent.id, normal.id, theirs.id, low.id]);
    });

    test('quotas of running runs hold under 8 claimers at once', async () => {
      const world = await makeWorld(open());
      for (let i = 0; i < 10; i++) await world.run();
      const over = { runningRunsPerUser: 3 };
      const claims = await Promise.all(Array.from({ length: 8 }, (_, i) => take(world, `w${i}`, over)));
      expect(claims.filter((claim) => claim !== undefined)).toHaveLength(3);
      const one = claims.find((claim) => claim !== undefined)!;
      await finishRun(world.database, one.run.id, one.lease.fence, { status: 'completed' });
      expect(await take(world, 'w9', over)).toBeDefined();
      expect(await take(world, 'w9', over)).toBeUndefined();
      while (await take(world));
    });

    test('8 claimers empty a queue of 40 without taking one twice', async () => {
      const world = await makeWorld(open());
      const made: string[] = [];
      for (let i = 0; i < 40; i++) made.push((await world.run()).id);
      const claimer = async (worker: string) => {
        const mine: string[] = [];
        for (let claim = await take(world, worker); claim; claim = await take(world, worker)) mine.push(claim.run.id);
        return mine;
      };
      const taken = (await Promise.all(Array.from({ length: 8 }, (_, i) => claimer(`w${i}`)))).flat();
      expect(taken).toHaveLength(40);
      expect(taken.sort()).toEqual(made.sort());
    });

    test('only runs of a tokenizer, for a lane that has its graph', async () => {
      const world = await makeWorld(open());
      await world.run({ tokenizer: 'a' });
      const b = await world.run({ tokenizer: 'b' });
      expect((await take(world, 'w', { tokenizer: 'b' }))?.run.id).toBe(b.id);
      expect(await take(world, 'w', { tokenizer: 'b' })).toBeUndefined();
      expect((await queueLoad(world.database)).queued).toBeGreaterThan(0);
      await take(world);
    });
  });
}
