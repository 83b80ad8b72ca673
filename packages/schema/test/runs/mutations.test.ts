// What people do to runs: the rules of starting, forking, merging, pasting, steering, sweeping, cancelling; and every bad input.

import { addStroke, openDoc, setLocks, setSettings, setText } from '@tessera/collab';
import { claimNext, createSeed, createSession, listSteering, putBlob, type Workspace } from '@tessera/db';
import type { RunConfig } from '@tessera/protocol';
import { topics } from '@tessera/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { globalId } from '../../src/input-checks.ts';
import { plainPicture } from '../support/pictures.ts';
import { type Studio, useStudio } from '../support/studio.ts';
import { PLAN, startRun } from './support/start.ts';
import { TestWorker, tokensAt } from './support/worker.ts';

let studio: Studio;
type Person = Awaited<ReturnType<Studio['person']>>;
let ada: Person;
let runner: Person;
let watcher: Person;
let lab: Workspace;
let seedId: string;

useStudio(
  async (opened) => {
    studio = opened;
    ada = await studio.person('Ada');
    lab = await studio.workspace(ada, 'runs-lab');
    runner = await studio.member(lab, 'Rita', 'runner');
    watcher = await studio.member(lab, 'Wim', 'viewer');
    const bytes = await plainPicture([255, 0, 0], 64);
    const blob = await putBlob(studio.database, lab.id, bytes, 'image/png');
    const seed = { workspaceId: lab.id, userId: ada.userId, name: 'Red', blobId: blob.id, width: 64, height: 64 };
    seedId = globalId('Seed', (await createSeed(studio.database, seed)).id);
  },
  { sweepRuns: 8, queuedRunsPerUser: 12 },
);

const inLab = () => ({ workspaceId: globalId('Workspace', lab.id) });
const start = (input: object, viewer = ada) =>
  studio.change(viewer, 'startRun', { ...inLab(), plan: PLAN, ...input }, 'run { id status iterations prompts plan }');
const count = () => studio.database.client.run.count();

/** Every run is out of the way, so that the next one claimed is the test's own. */
async function cancelAll() {
  await studio.change(ada, 'cancelMyRuns', inLab());
  await studio.change(ada, 'cancelMyRuns', { ...inLab(), others: true });
}
beforeEach(cancelAll);

async function stepped(steps: number, more: object = {}) {
  const runId = await startRun(studio, ada, lab.id, more);
  const worker = await TestWorker.take(studio);
  if (steps > 0) await worker.steps(steps);
  return { runId, worker };
}

const configOf = async (id: string) => {
  const row = await studio.database.client.run.findUniqueOrThrow({
    where: { id: Buffer.from(id, 'base64').toString().split(':')[1]! },
  });
  return { row, config: row.config as unknown as RunConfig };
};

describe('startRun', () => {
  it('queues a run, tells lists, and workers', async () => {
    const changes = studio.bus.live.subscribe(topics.workspace(lab.id));
    const { run } = await start({ name: 'First', plan: { ...PLAN, preset: 'POCKET', precision: 'INT8' } });
    expect(run).toMatchObject({
      status: 'QUEUED',
      iterations: 20,
      prompts: ['a red fox'],
      plan: { learningRate: 0.3 },
    });
    const { row } = await configOf(run.id);
    expect(row).toMatchObject({ positions: 16, tokenKind: 'indices', tokenizer: 'toy', needs: ['provider:cpu'] });
    expect((await changes.next()).value).toMatchObject({ type: 'latest' });
    await changes.return();
    const gpu = { worker: 'gpu', capabilities: ['provider:cuda'] };
    expect(await claimNext(studio.database, gpu)).toBeUndefined();
  });

  it('gives the same run for the same key, and refuses another body', async () => {
    const { run } = await start({ idempotencyKey: 'once' });
    const before = await count();
    expect((await start({ idempotencyKey: 'once' })).run.id).toBe(run.id);
    const other = await start({ idempotencyKey: 'once', plan: { ...PLAN, iterations: 21 } });
    expect(other).toMatchObject({ run: null, problem: { code: 'IDEMPOTENCY_CONFLICT' } });
    expect(await count()).toBe(before);
  });

  it.each<[string, object, string, string | null]>([
    ['no plan', { plan: null }, 'BAD_INPUT', 'plan'],
    ['no workspace', { workspaceId: null }, 'BAD_INPUT', 'workspaceId'],
    ['an id that is none', { workspaceId: 'nonsense' }, 'BAD_INPUT', 'workspaceId'],
    ['an unknown session', { sessionId: globalId('Session', 'none') }, 'NOT_FOUND', 'sessionId'],
    ['an unknown tokenizer', { plan: { ...PLAN, tokenizer: '/etc/passwd' } }, 'BAD_INPUT', 'plan.tokenizer'],
    [
      'a tokenizer that is not installed',
      { plan: { ...PLAN, tokenizer: 'toy-absent' } },
      'UNSUPPORTED',
      'plan.tokenizer',
    ],
    [
      'an unknown encoder',
      { plan: { objectives: [{ kind: 'CLIP', prompt: 'x', model: 'y' }] } },
      'BAD_INPUT',
      'plan.objectives.0.model',
    ],
    [
      'control characters',
      { plan: { objectives: [{ kind: 'CLIP', prompt: '\u0001' }] } },
      'BAD_INPUT',
      'plan.objectives.0.prompt',
    ],
    ['a seed that is needed', { plan: { ...PLAN, start: { kind: 'SEED' } } }, 'BAD_INPUT', 'seedId'],
    ['a seed for pixels', { plan: { objectives: [{ kind: 'L1' }] } }, 'BAD_INPUT', 'seedId'],
    ['an unknown seed', { seedId: globalId('Seed', 'none') }, 'NOT_FOUND', 'seedId'],
    ['an id of another type', { seedId: globalId('Mask', 'none') }, 'BAD_INPUT', 'seedId'],
    ['too few indices', { indices: [1, 2, 3] }, 'BAD_INPUT', 'indices'],
    ['an index over the codebook', { indices: Array(16).fill(64) }, 'BAD_INPUT', 'indices.0'],
    [
      'noise beside indices',
      { indices: Array(16).fill(0), plan: { ...PLAN, start: { kind: 'NOISE' } } },
      'BAD_INPUT',
      'plan.start',
    ],
    [
      'indices for vectors',
      { indices: Array(16).fill(0), plan: { ...PLAN, tokenizer: 'toy-vae' } },
      'BAD_INPUT',
      'indices',
    ],
    ['a lock beyond the tokens', { plan: { ...PLAN, lockedPositions: [16] } }, 'BAD_INPUT', 'plan.lockedPositions.0'],
    ['a lock twice', { plan: { ...PLAN, lockedPositions: [2, 2] } }, 'BAD_INPUT', 'plan.lockedPositions.1'],
    ['a name of control characters', { name: 'a\u0000b' }, 'BAD_INPUT', 'name'],
    ['a priority out of range', { priority: -101 }, 'BAD_INPUT', 'priority'],
  ])('refuses %s, and nothing is changed', async (_, input, code, field) => {
    const before = await count();
    expect(await start(input)).toMatchObject({ run: null, problem: { code, field } });
    expect(await count()).toBe(before);
  });

  it('refuses an unknown preset and numbers that are none before it begins', async () => {
    const startWith = (plan: string) =>
      studio.run(
        ada,
        `mutation { startRun(input: { workspaceId: "${inLab().workspaceId}", plan: ${plan} }) { problem { code field } } }`,
      );
    for (const plan of ['{ preset: NICE }', '{ nosie: 1 }', '{ precision: FP8 }', '{ iterations: 1.5 }']) {
      expect((await startWith(plan)).errors[0]?.extensions?.code, plan).toBe('BAD_INPUT');
    }
    const infinite = await startWith('{ objectives: [{ kind: CLIP, prompt: "x" }], learningRate: 1e999 }');
    expect(infinite.data.startRun.problem).toEqual({ code: 'BAD_INPUT', field: 'plan.learningRate' });
  });

  it('needs the right to run, a role here at all, and ownership to come first', async () => {
    expect(await start({}, watcher)).toMatchObject({ problem: { code: 'FORBIDDEN' } });
    expect(await start({}, await studio.person('Eve'))).toMatchObject({ problem: { code: 'NOT_FOUND' } });
    expect(await start({ priority: 5 }, runner)).toMatchObject({ problem: { code: 'FORBIDDEN' } });
    expect((await start({ priority: 5 })).problem).toBeNull();
  });

  it('keeps to the quota', async () => {
    for (let i = 0; i < 12; i++) expect((await start({})).problem).toBeNull();
    expect(await start({})).toMatchObject({ run: null, problem: { code: 'QUOTA' } });
  });

  it('runs what a session says, its painted mask kept once', async () => {
    const session = await createSession(studio.database, { workspaceId: lab.id, userId: ada.userId, name: 'S' });
    const doc = openDoc();
    setText(doc, 'prompt', 'a blue door', null);
    setSettings(doc, { seedId, resetEvery: 5, iterations: 9 }, null);
    const stroke = { id: 'a', author: 'x', mode: 'add' as const, size: 0.5, softness: 0, points: [0.5, 0.5] };
    addStroke(doc, stroke, null);
    await studio.services.documents.push(session.id, { userId: ada.userId }, Y.encodeStateAsUpdate(doc));
    const sessionId = globalId('Session', session.id);
    const of = (more: object = {}) =>
      studio.change(
        ada,
        'startRun',
        { sessionId, ...more },
        'run { id prompts iterations plan mask { id width } seed { id } session { id } }',
      );
    const { run, problem } = await of();
    expect(problem).toBeNull();
    expect(run).toMatchObject({
      prompts: ['a blue door'],
      iterations: 9,
      mask: { width: 64 },
      seed: { id: seedId },
      session: { id: sessionId },
    });
    expect(run.plan.meter).toMatchObject({ model: 'toy-siglip', every: 10, prompt: null });
    expect((await of()).run.mask.id).toBe(run.mask.id);
    const key = { idempotencyKey: 'painted' };
    const once = (await of(key)).run.id;
    // Somebody writes on before the same request comes again.
    setText(doc, 'prompt', 'a green door', null);
    await studio.services.documents.push(session.id, { userId: ada.userId }, Y.encodeStateAsUpdate(doc));
    expect((await of(key)).run.id).toBe(once);
    expect((await of({ ...key, name: 'Another' })).problem.code).toBe('IDEMPOTENCY_CONFLICT');
    setLocks(doc, [4, 1], true, null);
    await studio.services.documents.push(session.id, { userId: ada.userId }, Y.encodeStateAsUpdate(doc));
    expect((await of()).run.plan.lockedPositions).toEqual([1, 4]);
    setLocks(doc, [20], true, null);
    await studio.services.documents.push(session.id, { userId: ada.userId }, Y.encodeStateAsUpdate(doc));
    expect(await of()).toMatchObject({ run: null, problem: { code: 'BAD_INPUT', field: 'lockedPositions.2' } });
    setText(doc, 'prompt', '', null);
    await studio.services.documents.push(session.id, { userId: ada.userId }, Y.encodeStateAsUpdate(doc));
    expect(await of()).toMatchObject({ run: null, problem: { code: 'BAD_INPUT', field: 'prompt' } });
    // Answered from what was stored: the session says nothing any more that could be run.
    expect((await of(key)).run.id).toBe(once);
  });
});

describe('forks', () => {
  it('begin with the plan as it stood at the step, live changes included', async () => {
    const { runId, worker } = await stepped(0, { seedId });
    const change = { learningRate: 0.25, objectives: [{ index: 0, prompt: 'a dog' }] };
    await studio.change(ada, 'steerRun', { runId, change });
    await worker.steps(4, { steered: [{ seq: 1, step: 2 }] });
    const fork = (step: number, plan?: object) =>
      studio.change(
        ada,
        'forkRun',
        { runId, step, plan },
        'run { id prompts iterations plan forkStep parent { id } seed { id } }',
      );
    const early = await fork(1);
    expect(early.run).toMatchObject({
      prompts: ['a red fox'],
      forkStep: 1,
      parent: { id: runId },
      iterations: 20,
      seed: { id: seedId },
    });
    const late = await fork(2, { noise: 0.5, iterations: 7 });
    expect(late.run).toMatchObject({
      prompts: ['a dog'],
      iterations: 7,
      plan: { learningRate: 0.25, noise: 0.5, start: { kind: 'seed' } },
    });
    const { config } = await configOf(late.run.id);
    expect(config.origin).toEqual({ kind: 'step', runId: worker.runId, step: 2 });
    const { run } = await studio.data(ada, `{ run(id: "${runId}") { forks { id } } }`);
    expect(run.forks.map(({ id }: { id: string }) => id)).toEqual([early.run.id, late.run.id]);
  });

  it('inherit the locked tokens, live ones included, and may lock others', async () => {
    const { runId, worker } = await stepped(0, { plan: { ...PLAN, lockedPositions: [3, 1] } });
    await studio.change(ada, 'steerRun', { runId, change: { lockedPositions: [7] } });
    await worker.steps(4, { steered: [{ seq: 1, step: 2 }] });
    const locks = async (step: number, plan?: object) =>
      (await studio.change(ada, 'forkRun', { runId, step, plan }, 'run { plan }')).run.plan.lockedPositions;
    expect(await locks(1)).toEqual([1, 3]);
    expect(await locks(2)).toEqual([7]);
    expect(await locks(2, { lockedPositions: [9, 8] })).toEqual([8, 9]);
    expect(await locks(2, { lockedPositions: [] })).toEqual([]);
    const paste = { runId, step: 3, tokens: [{ position: 7, token: 63 }] };
    const pasted = await studio.change(ada, 'pasteTokens', paste, 'run { plan }');
    expect(pasted.run.plan.lockedPositions).toEqual([7]);
  });

  it.each<[string, object, string, string]>([
    [
      'a lock beyond the tokens',
      { step: 0, plan: { lockedPositions: [0, 99] } },
      'BAD_INPUT',
      'plan.lockedPositions.1',
    ],
    ['a step that does not exist', { step: 3 }, 'BAD_INPUT', 'step'],
    ['a step before the first', { step: -1 }, 'BAD_INPUT', 'step'],
    ['another tokenizer', { step: 0, plan: { tokenizer: 'toy-vae' } }, 'BAD_INPUT', 'plan.tokenizer'],
    ['another start', { step: 0, plan: { start: { kind: 'NOISE' } } }, 'BAD_INPUT', 'plan.start'],
    ['a mask without its seed', { step: 0, maskId: globalId('Mask', 'none') }, 'NOT_FOUND', 'maskId'],
    ['pixels without a seed', { step: 0, plan: { resetEvery: 2 } }, 'BAD_INPUT', 'seedId'],
  ])('are refused at %s', async (_, input, code, field) => {
    const { runId } = await stepped(3);
    const before = await count();
    expect(await studio.change(ada, 'forkRun', { runId, ...input }, 'run { id }')).toMatchObject({
      run: null,
      problem: { code, field },
    });
    expect(await count()).toBe(before);
  });

  it('merge tokens by position, and paste tokens by index', async () => {
    const one = await stepped(10);
    const two = await stepped(20);
    const base = { runId: one.runId, step: 9 };
    const other = { runId: two.runId, step: 19 };
    const merge = (input: object) =>
      studio.change(ada, 'mergeRuns', { base, other, positions: [0, 5], ...input }, 'run { id forkStep }');
    const merged = await merge({});
    const mixed = tokensAt(9).map((token, p) => ([0, 5].includes(p) ? tokensAt(19)[p] : token));
    expect((await configOf(merged.run.id)).config.origin).toEqual({ kind: 'indices', indices: mixed });
    expect(merged.run.forkStep).toBe(9);
    expect((await merge({ positions: [16] })).problem).toMatchObject({ code: 'BAD_INPUT', field: 'positions.0' });
    expect((await merge({ other: { ...other, step: 20 } })).problem).toMatchObject({
      code: 'BAD_INPUT',
      field: 'other.step',
    });
    const foreign = { runId: globalId('Run', 'none'), step: 0 };
    expect((await merge({ other: foreign })).problem).toMatchObject({ code: 'NOT_FOUND', field: 'other.runId' });
    const paste = (token: number) =>
      studio.change(ada, 'pasteTokens', { ...base, tokens: [{ position: 3, token }] }, 'run { id }');
    const pasted = tokensAt(9).map((old, p) => (p === 3 ? 63 : old));
    expect((await configOf((await paste(63)).run.id)).config.origin).toEqual({ kind: 'indices', indices: pasted });
    expect((await paste(64)).problem).toMatchObject({ code: 'BAD_INPUT', field: 'tokens.0.token' });
  });
});

describe('steering', () => {
  it('is stored, told to the worker, and refused for a run that is over', async () => {
    const { runId, worker } = await stepped(1);
    const heard = studio.bus.queue.signals(worker.runId);
    const steer = (change: object, viewer = ada) =>
      studio.change(viewer, 'steerRun', { runId, change }, 'steering { seq change appliedStep user { name } }');
    expect(await steer({ noise: 0.5 })).toMatchObject({
      steering: { seq: 1, change: { noise: 0.5 }, appliedStep: null, user: { name: 'Ada' } },
    });
    expect((await heard.next()).value).toMatchObject({ command: { type: 'steer', seq: 1, change: { noise: 0.5 } } });
    await heard.return?.();
    expect((await steer({ objectives: [{ index: 3, weight: 1 }] })).problem).toMatchObject({
      code: 'BAD_INPUT',
      field: 'change.objectives.3',
    });
    expect((await steer({ lockedPositions: [16] })).problem).toMatchObject({
      code: 'BAD_INPUT',
      field: 'change.lockedPositions.0',
    });
    expect((await steer({})).problem).toMatchObject({ code: 'BAD_INPUT', field: 'change' });
    expect((await steer({ noise: 1 }, runner)).problem).toMatchObject({ code: 'FORBIDDEN' });
    expect((await steer({ noise: 1 }, watcher)).problem).toMatchObject({ code: 'FORBIDDEN' });
    await worker.finish();
    expect(await steer({ noise: 1 })).toMatchObject({ steering: null, problem: { code: 'RUN_STATE' } });
    expect(await listSteering(studio.database, lab.id, worker.runId)).toHaveLength(1);
  });
});

describe('cancel, pause, resume', () => {
  it('reach the worker of a run that is computed, and end the others at once', async () => {
    const { runId, worker } = await stepped(2);
    const heard = studio.bus.queue.signals(worker.runId);
    const said = await studio.change(ada, 'pauseRun', { runId }, 'run { status }');
    expect(said.run.status).toBe('RUNNING');
    expect((await heard.next()).value).toMatchObject({ command: { type: 'pause' } });
    expect((await studio.change(ada, 'resumeRun', { runId }, 'run { status }')).run.status).toBe('RUNNING');
    expect((await studio.change(ada, 'resumeRun', { runId })).problem).toMatchObject({ code: 'RUN_STATE' });
    expect((await studio.change(ada, 'cancelRun', { runId }, 'run { cancelRequested }')).run.cancelRequested).toBe(
      true,
    );
    expect((await heard.next()).value).toMatchObject({ command: { type: 'cancel' } });
    await heard.return?.();
    await worker.finish({ status: 'cancelled' });
    expect((await studio.change(ada, 'cancelRun', { runId }, 'run { status }')).run.status).toBe('CANCELLED');
    const waiting = await startRun(studio, ada, lab.id);
    expect((await studio.change(ada, 'pauseRun', { runId: waiting }, 'run { status }')).run.status).toBe('PAUSED');
    expect((await studio.change(ada, 'resumeRun', { runId: waiting }, 'run { status }')).run.status).toBe('QUEUED');
    expect((await studio.change(ada, 'cancelRun', { runId: waiting }, 'run { status }')).run.status).toBe('CANCELLED');
    expect((await studio.change(ada, 'pauseRun', { runId: waiting })).problem).toMatchObject({ code: 'RUN_STATE' });
  });

  it('of others need the right to edit', async () => {
    const mine = await startRun(studio, ada, lab.id);
    const theirs = await startRun(studio, runner, lab.id);
    for (const name of ['cancelRun', 'pauseRun', 'resumeRun', 'deleteRun', 'updateRun']) {
      expect((await studio.change(runner, name, { runId: mine })).problem, name).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect((await studio.change(runner, 'cancelMyRuns', { ...inLab(), others: true })).problem).toMatchObject({
      code: 'FORBIDDEN',
    });
    const own = await studio.change(runner, 'cancelMyRuns', inLab(), 'runs { id }');
    expect(own.runs).toEqual([{ id: theirs }]);
    const again = await startRun(studio, runner, lab.id);
    const others = await studio.change(ada, 'cancelMyRuns', { ...inLab(), others: true }, 'runs { id }');
    expect(others.runs).toEqual([{ id: again }]);
    const { run } = await studio.data(ada, `{ run(id: "${mine}") { status queuePosition { ahead } } }`);
    expect(run).toEqual({ status: 'QUEUED', queuePosition: { ahead: 0 } });
  });

  it('keep names and pins, and delete', async () => {
    const { runId, worker } = await stepped(1);
    const changed = await studio.change(ada, 'updateRun', { runId, name: 'Kept', pinned: true }, 'run { name pinned }');
    expect(changed.run).toEqual({ name: 'Kept', pinned: true });
    expect((await studio.change(ada, 'deleteRun', { runId })).problem).toMatchObject({ code: 'RUN_STATE' });
    await worker.finish();
    expect((await studio.change(ada, 'deleteRun', { runId }, 'deletedId')).deletedId).toBe(runId);
    expect((await studio.change(ada, 'deleteRun', { runId })).problem).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are done also while the bus is away', async () => {
    const { live, queue } = studio.bus;
    const { BusUnavailableError } = await import('@tessera/bus');
    const away = () => Promise.reject(new BusUnavailableError('publish', new Error('away')));
    const [publish, hint] = [live.publish, queue.hint];
    Object.assign(live, { publish: away });
    Object.assign(queue, { hint: away });
    const { run, problem } = await start({});
    Object.assign(live, { publish });
    Object.assign(queue, { hint });
    expect(problem).toBeNull();
    expect((await configOf(run.id)).row.status).toBe('queued');
  });
});

describe('sweeps', () => {
  const sweep = (input: object, viewer = ada) =>
    studio.change(
      viewer,
      'createSweep',
      { ...inLab(), name: 'Grid', plan: PLAN, ...input },
      'sweep { id name axes { path values } runs { sweepCell plan status } }',
    );
  const axes = [
    { path: 'learningRate', values: [0.1, 0.2] },
    { path: 'objectives.0.prompt', values: ['a', 'b'] },
  ];

  it('are queued as one', async () => {
    const made = await sweep({ axes, idempotencyKey: 'grid' });
    expect(made.problem).toBeNull();
    expect(made.sweep.axes).toEqual(axes);
    expect(
      made.sweep.runs.map(({ sweepCell, plan }: { sweepCell: number[]; plan: { learningRate: number } }) => [
        sweepCell,
        plan.learningRate,
      ]),
    ).toEqual([
      [[0, 0], 0.1],
      [[0, 1], 0.1],
      [[1, 0], 0.2],
      [[1, 1], 0.2],
    ]);
    expect((await sweep({ axes, idempotencyKey: 'grid' })).sweep.id).toBe(made.sweep.id);
  });

  it.each<[string, object, string, string | null]>([
    ['too many runs', { axes: [{ path: 'seed', values: [1, 2, 3, 4, 5, 6, 7, 8, 9] }] }, 'BAD_INPUT', 'axes'],
    ['a cell that cannot run', { axes: [{ path: 'learningRate', values: [0.1, 0] }] }, 'BAD_INPUT', 'axes.0.values.1'],
    ['a path that is none', { axes: [{ path: 'constructor', values: [1] }] }, 'BAD_INPUT', 'axes.0.path'],
    [
      'a tokenizer that is unknown',
      { axes: [{ path: 'tokenizer', values: ['toy', 'nope'] }] },
      'BAD_INPUT',
      'plan.tokenizer',
    ],
    ['no name', { axes, name: ' ' }, 'BAD_INPUT', 'name'],
  ])('are refused with %s, whole', async (_, input, code, field) => {
    const before = await count();
    expect(await sweep(input)).toMatchObject({ sweep: null, problem: { code, field } });
    expect(await count()).toBe(before);
  });
});
