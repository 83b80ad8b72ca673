// Contract: what history queries answer equals what a plain loop over the steps says.
import { randomOf } from '@tessera/protocol/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  appendSteps,
  compactRun,
  countRuns,
  type Database,
  deleteRun,
  diffSteps,
  finishRun,
  getRun,
  InputError,
  listForks,
  listRuns,
  NotFoundError,
  nearestRunsByImage,
  nearestRunsByTokens,
  positionStatistics,
  readStep,
  readSteps,
  replaySteps,
  runsByToken,
} from '../../src/index.ts';
import { stepsOf } from '../steps-of.ts';
import { makeWorld, type World } from './world.ts';

const SEED = 7;

export function historyContract(open: () => Database): void {
  let world: World;
  /** Finished runs of 40 steps with seeds 100, 101, ... */
  const runs: string[] = [];
  const all = (i: number) => stepsOf({ seed: 100 + i, count: 40 });
  const features = Array.from({ length: 8 }, (_, i) => {
    const random = randomOf(SEED + i);
    return Float32Array.from({ length: 64 }, () => random() - 0.5);
  });
  const prompts = [
    'a red fox',
    'a red barn in snow',
    'Überraschung am Fluß',
    'красная лиса',
    'two foxes',
    'a cat',
    'a dog',
    'a red dog',
  ];

  beforeAll(async () => {
    world = await makeWorld(open());
    for (let i = 0; i < 8; i++) {
      const { runId, fence } = await world.held({ prompts: [prompts[i]!] });
      const steps = all(i);
      for (const first of [0, 13, 30]) {
        await appendSteps(world.database, {
          runId,
          fence,
          steps: steps.slice(first, first === 0 ? 13 : first === 13 ? 30 : 40),
        });
      }
      const embedding = { model: 'clip', vector: features[i]! };
      await finishRun(world.database, runId, fence, {
        status: i === 6 ? 'diverged' : 'completed',
        score: i / 10,
        embedding,
      });
      runs.push(runId);
    }
  });

  const numbers = async (range: object) =>
    (await readSteps(world.database, world.workspaceId, runs[0]!, range)).map(({ step }) => step);

  describe('steps', () => {
    test('by range and stride, over the edges of batches', async () => {
      expect(await numbers({})).toEqual(Array.from({ length: 40 }, (_, i) => i));
      expect(await numbers({ from: 12, to: 14 })).toEqual([12, 13, 14]);
      expect(await numbers({ from: 29, to: 29 })).toEqual([29]);
      expect(await numbers({ from: 5, stride: 10 })).toEqual([5, 15, 25, 35]);
      expect(await numbers({ from: 38, to: 500 })).toEqual([38, 39]);
      expect(await numbers({ from: 40 })).toEqual([]);
      expect(await numbers({ limit: 3 })).toEqual([0, 1, 2]);
      await expect(numbers({ stride: 0 })).rejects.toThrow(InputError);
      await expect(numbers({ from: Number.NaN })).rejects.toThrow(InputError);
    });

    test('come back as they were sent', async () => {
      const step = await readStep(world.database, world.workspaceId, runs[3]!, 31);
      const { gradientNorms: _, ...sent } = all(3)[31]!;
      expect(step).toMatchObject(sent);
      await expect(readStep(world.database, world.workspaceId, runs[3]!, 40)).rejects.toThrow(NotFoundError);
      await expect(readStep(world.database, world.workspaceId, runs[3]!, 1.5)).rejects.toThrow(NotFoundError);
      await expect(readStep(world.database, 'other', runs[3]!, 1)).rejects.toThrow(NotFoundError);
    });

    test('replay goes on where a client stopped', async () => {
      const { steps, firstStep, nextStep } = await replaySteps(world.database, runs[1]!, 25, 10);
      expect([steps[0]?.step, steps.at(-1)?.step, firstStep, nextStep]).toEqual([25, 34, 25, 40]);
      expect((await replaySteps(world.database, runs[1]!, 40)).steps).toEqual([]);
    });
  });

  test('changes, first and last change and entropy per position, stored and live', async () => {
    const steps = all(2);
    const expected = Array.from({ length: 32 }, (_, p) => {
      const at = steps.filter(({ changed }) => changed.includes(p)).map(({ step }) => step);
      const counts = new Map<number, number>();
      for (const { tokens } of steps) counts.set(tokens.data[p]!, (counts.get(tokens.data[p]!) ?? 0) + 1);
      const entropy = [...counts.values()].reduce((sum, n) => sum - (n / 40) * Math.log2(n / 40), 0);
      return { changes: at.length, first: at[0] ?? -1, last: at.at(-1) ?? -1, entropy };
    });
    const check = (statistics: Awaited<ReturnType<typeof positionStatistics>>) => {
      expect(statistics.steps).toBe(40);
      expect(statistics.changes).toEqual(expected.map(({ changes }) => changes));
      expect(statistics.firstChanged).toEqual(expected.map(({ first }) => first));
      expect(statistics.lastChanged).toEqual(expected.map(({ last }) => last));
      statistics.entropy.forEach((entropy, p) => {
        expect(entropy).toBeCloseTo(expected[p]!.entropy, 5);
      });
    };
    check(await positionStatistics(world.database, world.workspaceId, runs[2]!));
    const live = await world.held();
    await appendSteps(world.database, { runId: live.runId, fence: live.fence, steps });
    check(await positionStatistics(world.database, world.workspaceId, live.runId));
    await finishRun(world.database, live.runId, live.fence, { status: 'cancelled' });
    await deleteRun(world.database, world.workspaceId, live.runId);
  });

  describe('runs by their tokens', () => {
    const last = (i: number) => all(i).at(-1)!.tokens.data;

    test('by token at position', async () => {
      const find = async (tokens: { position: number; token: number }[], tokenizer = 'titok-l32') =>
        (await runsByToken(world.database, world.workspaceId, tokenizer, tokens)).map(({ id }) => id);
      expect(await find([{ position: 5, token: last(4)[5]! }])).toEqual([runs[4]]);
      expect(
        await find([
          { position: 5, token: last(4)[5]! },
          { position: 9, token: last(4)[9]! },
        ]),
      ).toEqual([runs[4]]);
      expect(
        await find([
          { position: 5, token: last(4)[5]! },
          { position: 9, token: last(3)[9]! },
        ]),
      ).toEqual([]);
      expect(await find([{ position: 6, token: last(4)[5]! }])).toEqual([]);
      expect(await find([{ position: 5, token: last(4)[5]! }], 'another')).toEqual([]);
      await expect(find([])).rejects.toThrow(InputError);
      await expect(find([{ position: -1, token: 0 }])).rejects.toThrow(InputError);
    });

    test('nearest by positions and by overlap', async () => {
      const tokens = Int32Array.from(last(5));
      tokens[0] = (tokens[0]! + 1) % 4096;
      const query = { workspaceId: world.workspaceId, tokenizer: 'titok-l32', tokens };
      const [first, second] = await nearestRunsByTokens(world.database, query);
      expect(first).toMatchObject({ id: runs[5], distance: 1 });
      expect(second!.distance).toBeGreaterThan(25);
      const rotated = Int32Array.from(tokens, (_, p) => last(1)[(p + 1) % 32]!);
      const [moved] = await nearestRunsByTokens(world.database, { ...query, tokens: rotated, by: 'overlap' });
      expect(moved).toMatchObject({ id: runs[1], overlap: 1 });
      const others = await nearestRunsByTokens(world.database, { ...query, except: runs[5]! });
      expect(others.map(({ id }) => id)).not.toContain(runs[5]);
      expect(await nearestRunsByTokens(world.database, { ...query, workspaceId: 'other' })).toEqual([]);
    });

    test('nearest by image feature, exact cosines', async () => {
      const query = { workspaceId: world.workspaceId, model: 'clip', vector: features[3]!.map((x) => x * 9) };
      const found = await nearestRunsByImage(world.database, query);
      expect(found[0]?.id).toBe(runs[3]);
      expect(found[0]?.similarity).toBeCloseTo(1, 5);
      const cosine = (a: Float32Array, b: Float32Array) =>
        a.reduce((sum, x, i) => sum + x * b[i]!, 0) / Math.hypot(...a) / Math.hypot(...b);
      const exact = features.map((feature) => cosine(feature, features[3]!)).sort((a, b) => b - a);
      found.forEach(({ similarity }, i) => {
        expect(similarity).toBeCloseTo(exact[i]!, 5);
      });
      await expect(nearestRunsByImage(world.database, { ...query, vector: new Float32Array(64) })).rejects.toThrow(
        InputError,
      );
    });

    test('the difference of two steps of two runs', async () => {
      const diff = await diffSteps(
        world.database,
        world.workspaceId,
        { runId: runs[0]!, step: 10 },
        { runId: runs[1]!, step: 20 },
      );
      const [a, b] = [all(0)[10]!, all(1)[20]!];
      expect(diff.loss).toEqual({ before: a.loss, after: b.loss });
      expect(diff.positions).toEqual(
        Array.from({ length: 32 }, (_, position) => ({
          position,
          before: a.tokens.data[position],
          after: b.tokens.data[position],
        })).filter(({ before, after }) => before !== after),
      );
      const same = await diffSteps(
        world.database,
        world.workspaceId,
        { runId: runs[0]!, step: 3 },
        { runId: runs[0]!, step: 3 },
      );
      expect(same.positions).toEqual([]);
    });
  });

  describe('lists', () => {
    const find = async (filter: object, order?: 'score') =>
      (await listRuns(world.database, world.workspaceId, filter, { first: 50 }, order)).edges.map(({ node }) =>
        runs.indexOf(node.id),
      );

    test('by words of the prompt, prefixes, any script', async () => {
      expect(await find({ text: 'red' })).toEqual([7, 1, 0]);
      expect(await find({ text: 'RED fo' })).toEqual([0]);
      expect(await find({ text: 'fox' })).toEqual([4, 0]);
      expect(await find({ text: 'uberraschung FLUSS' })).toEqual([]);
      expect(await find({ text: 'überra' })).toEqual([2]);
      expect(await find({ text: 'КРАСНАЯ' })).toEqual([3]);
      expect(await find({ text: "'; & | ! ( :*" })).toEqual([]);
      await expect(find({ text: '' })).rejects.toThrow(InputError);
    });

    test('by status, score and time', async () => {
      expect(await find({ statuses: ['diverged'] })).toEqual([6]);
      expect(await find({ minScore: 0.35, maxScore: 0.55 })).toEqual([5, 4]);
      expect(await find({ minScore: 0.55, statuses: ['completed'] }, 'score')).toEqual([7]);
      expect(await find({}, 'score')).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
      const { createdAt } = await getRun(world.database, world.workspaceId, runs[5]!);
      expect(await find({ createdAfter: createdAt })).toEqual([7, 6, 5]);
      expect(await find({ createdBefore: createdAt })).toEqual([4, 3, 2, 1, 0]);
      expect(await countRuns(world.database, world.workspaceId, { text: 'red' })).toBe(3);
      expect(await find({ tokenizer: 'none' })).toEqual([]);
    });

    test.each(['createdAt', 'score'] as const)(
      'pages by %s join without holes, forwards and backwards',
      async (order) => {
        const page = (request: object) => listRuns(world.database, world.workspaceId, {}, request, order);
        const whole = (await page({ first: 50 })).edges.map(({ node }) => node.id);
        expect(whole).toHaveLength(8);
        const forwards: string[] = [];
        let after: string | undefined;
        for (let more = true; more; ) {
          const { edges, hasNextPage } = await page({ first: 3, ...(after && { after }) });
          forwards.push(...edges.map(({ node }) => node.id));
          after = edges.at(-1)?.cursor;
          more = hasNextPage;
        }
        expect(forwards).toEqual(whole);
        const backwards: string[] = [];
        let before: string | undefined = after;
        for (let more = true; more; ) {
          const { edges, hasPreviousPage } = await page({ last: 3, ...(before && { before }) });
          backwards.unshift(...edges.map(({ node }) => node.id));
          before = edges[0]?.cursor;
          more = hasPreviousPage;
        }
        expect(backwards).toEqual(whole.slice(0, -1));
      },
    );

    test('bad pages are refused', async () => {
      const page = (request: object) => listRuns(world.database, world.workspaceId, {}, request);
      for (const request of [
        { first: -1 },
        { first: 1_000 },
        { after: 'x' },
        { first: 1, last: 1 },
        { last: Number.NaN },
      ]) {
        await expect(page(request)).rejects.toThrow(InputError);
      }
    });
  });

  test('forks name their parent and step, and stay when it goes', async () => {
    const { runId, fence } = await world.held();
    await appendSteps(world.database, { runId, fence, steps: stepsOf({ count: 5 }) });
    await finishRun(world.database, runId, fence, { status: 'completed' });
    await expect(world.run({ parent: { runId, step: 5 } })).rejects.toThrow(/steps 0 to 4 are there/);
    const fork = await world.held({ parent: { runId, step: 4 } });
    expect(
      (await listForks(world.database, world.workspaceId, runId)).map(({ id, forkStep }) => [id, forkStep]),
    ).toEqual([[fork.runId, 4]]);
    await finishRun(world.database, fork.runId, fork.fence, { status: 'cancelled' });
    await deleteRun(world.database, world.workspaceId, runId);
    expect((await getRun(world.database, world.workspaceId, fork.runId)).parentId).toBeNull();
    await deleteRun(world.database, world.workspaceId, fork.runId);
  });

  test('a run of 300 steps sent in 60 batches is kept in 2 rows of under 40 kB together, with the same steps', async () => {
    const { runId, fence } = await world.held();
    const steps = stepsOf({ seed: SEED, count: 300 });
    for (let first = 0; first < 300; first += 5) {
      await appendSteps(world.database, { runId, fence, steps: steps.slice(first, first + 5) });
    }
    const before = await readSteps(world.database, world.workspaceId, runId);
    await finishRun(world.database, runId, fence, { status: 'completed' });
    const [size] = await world.database.client.$queryRaw<{ rows: number; bytes: number }[]>`
      SELECT count(*)::int AS rows, sum(octet_length(data) + 200)::int AS bytes
      FROM step_batches WHERE run_id = ${runId}`;
    expect(size!.rows).toBe(2);
    expect(size!.bytes).toBeLessThan(40_000);
    expect(await compactRun(world.database, runId)).toBe(2);
    const after = await readSteps(world.database, world.workspaceId, runId);
    const exact = (list: typeof after) => list.map(({ gradientNorms: _, ...rest }) => rest);
    expect(exact(after)).toEqual(exact(before));
    await deleteRun(world.database, world.workspaceId, runId);
  });
}
