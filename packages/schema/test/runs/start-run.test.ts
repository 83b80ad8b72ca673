// startRun: a plan as given or a session as it stands becomes a queued run, once; and every bad input.
import { addStroke, openDoc, setLocks, setSettings, setText } from '@tessera/collab';
import { claimNext, createSession } from '@tessera/db';
import { topics } from '@tessera/wire';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { globalId } from '../../src/input-checks.ts';
import type { Studio } from '../support/studio.ts';
import { type Lab, type Person, useLab } from './support/lab.ts';
import { PLAN } from './support/start.ts';

let lab: Lab;
let studio: Studio;
let ada: Person;
useLab((opened) => {
  lab = opened;
  ({ studio, ada } = opened);
});

describe('startRun', () => {
  it('queues a run, tells lists, and workers', async () => {
    const changes = studio.bus.live.subscribe(topics.workspace(lab.workspace.id));
    const { run } = await lab.start({ name: 'First', plan: { ...PLAN, preset: 'POCKET', precision: 'INT8' } });
    expect(run).toMatchObject({
      status: 'QUEUED',
      iterations: 20,
      prompts: ['a red fox'],
      plan: { learningRate: 0.3 },
    });
    const { row } = await lab.configOf(run.id);
    expect(row).toMatchObject({ positions: 16, tokenKind: 'indices', tokenizer: 'toy', needs: ['provider:cpu'] });
    expect((await changes.next()).value).toMatchObject({ type: 'latest' });
    await changes.return();
    const gpu = { worker: 'gpu', capabilities: ['provider:cuda'] };
    expect(await claimNext(studio.database, gpu)).toBeUndefined();
  });

  it('gives the same run for the same key, and refuses another body', async () => {
    const { run } = await lab.start({ idempotencyKey: 'once' });
    const before = await lab.count();
    expect((await lab.start({ idempotencyKey: 'once' })).run.id).toBe(run.id);
    const other = await lab.start({ idempotencyKey: 'once', plan: { ...PLAN, iterations: 21 } });
    expect(other).toMatchObject({ run: null, problem: { code: 'IDEMPOTENCY_CONFLICT' } });
    expect(await lab.count()).toBe(before);
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
    const before = await lab.count();
    expect(await lab.start(input)).toMatchObject({ run: null, problem: { code, field } });
    expect(await lab.count()).toBe(before);
  });

  it('refuses an unknown preset and numbers that are none before it begins', async () => {
    const startWith = (plan: string) =>
      studio.run(
        ada,
        `mutation { startRun(input: { workspaceId: "${lab.place.workspaceId}", plan: ${plan} }) { problem { code field } } }`,
      );
    for (const plan of ['{ preset: NICE }', '{ nosie: 1 }', '{ precision: FP8 }', '{ iterations: 1.5 }']) {
      expect((await startWith(plan)).errors[0]?.extensions?.code, plan).toBe('BAD_INPUT');
    }
    const infinite = await startWith('{ objectives: [{ kind: CLIP, prompt: "x" }], learningRate: 1e999 }');
    expect(infinite.data.startRun.problem).toEqual({ code: 'BAD_INPUT', field: 'plan.learningRate' });
  });

  it('needs the right to run, a role here at all, and ownership to come first', async () => {
    expect(await lab.start({}, lab.watcher)).toMatchObject({ problem: { code: 'FORBIDDEN' } });
    expect(await lab.start({}, await studio.person('Eve'))).toMatchObject({ problem: { code: 'NOT_FOUND' } });
    expect(await lab.start({ priority: 5 }, lab.runner)).toMatchObject({ problem: { code: 'FORBIDDEN' } });
    expect((await lab.start({ priority: 5 })).problem).toBeNull();
  });

  it('keeps to the quota', async () => {
    for (let i = 0; i < 12; i++) expect((await lab.start({})).problem).toBeNull();
    expect(await lab.start({})).toMatchObject({ run: null, problem: { code: 'QUOTA' } });
  });

  it('runs what a session says, its painted mask kept once', async () => {
    const session = await createSession(studio.database, {
      workspaceId: lab.workspace.id,
      userId: ada.userId,
      name: 'S',
    });
    const doc = openDoc();
    setText(doc, 'prompt', 'a blue door', null);
    setSettings(doc, { seedId: lab.seedId, resetEvery: 5, iterations: 9 }, null);
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
      seed: { id: lab.seedId },
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
