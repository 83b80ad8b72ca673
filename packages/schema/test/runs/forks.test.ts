// Runs from the tokens of others: forking, merging and pasting, with the plan as it stood at the step.
import { describe, expect, it } from 'vitest';
import { globalId } from '../../src/input-checks.ts';
import type { Studio } from '../support/studio.ts';
import { type Lab, type Person, useLab } from './support/lab.ts';
import { PLAN } from './support/start.ts';
import { tokensAt } from './support/worker.ts';

let lab: Lab;
let studio: Studio;
let ada: Person;
useLab((opened) => {
  lab = opened;
  ({ studio, ada } = opened);
});

describe('forks', () => {
  it('begin with the plan as it stood at the step, live changes included', async () => {
    const { runId, worker } = await lab.stepped(0, { seedId: lab.seedId });
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
      seed: { id: lab.seedId },
    });
    const late = await fork(2, { noise: 0.5, iterations: 7 });
    expect(late.run).toMatchObject({
      prompts: ['a dog'],
      iterations: 7,
      plan: { learningRate: 0.25, noise: 0.5, start: { kind: 'seed' } },
    });
    const { config } = await lab.configOf(late.run.id);
    expect(config.origin).toEqual({ kind: 'step', runId: worker.runId, step: 2 });
    const { run } = await studio.data(ada, `{ run(id: "${runId}") { forks { id } } }`);
    expect(run.forks.map(({ id }: { id: string }) => id)).toEqual([early.run.id, late.run.id]);
  });

  it('inherit the locked tokens, live ones included, and may lock others', async () => {
    const { runId, worker } = await lab.stepped(0, { plan: { ...PLAN, lockedPositions: [3, 1] } });
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
    const { runId } = await lab.stepped(3);
    const before = await lab.count();
    expect(await studio.change(ada, 'forkRun', { runId, ...input }, 'run { id }')).toMatchObject({
      run: null,
      problem: { code, field },
    });
    expect(await lab.count()).toBe(before);
  });

  it('merge tokens by position, and paste tokens by index', async () => {
    const one = await lab.stepped(10);
    const two = await lab.stepped(20);
    const base = { runId: one.runId, step: 9 };
    const other = { runId: two.runId, step: 19 };
    const merge = (input: object) =>
      studio.change(ada, 'mergeRuns', { base, other, positions: [0, 5], ...input }, 'run { id forkStep }');
    const merged = await merge({});
    const mixed = tokensAt(9).map((token, p) => ([0, 5].includes(p) ? tokensAt(19)[p] : token));
    expect((await lab.configOf(merged.run.id)).config.origin).toEqual({ kind: 'indices', indices: mixed });
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
    expect((await lab.configOf((await paste(63)).run.id)).config.origin).toEqual({ kind: 'indices', indices: pasted });
    expect((await paste(64)).problem).toMatchObject({ code: 'BAD_INPUT', field: 'tokens.0.token' });
  });
});
