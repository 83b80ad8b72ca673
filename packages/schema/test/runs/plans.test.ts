// Plans: what lies over what, what is refused and under which name.
import { PRESETS, presetFor, type RunPlan, steer } from '@tessera/engine/plan';
import { limitsWith } from '@tessera/protocol';
import { describe, expect, it } from 'vitest';
import { presetSettings } from '../../src/catalogue/preset-settings.ts';
import { deadKnobsOf, encodersOf, promptsOf, searchableTexts, workerNeeds } from '../../src/runs/plans/facts.ts';
import { planAtStep } from '../../src/runs/plans/plan-at-step.ts';
import type { PlanInput } from '../../src/runs/plans/plan-input.ts';
import { resolvePlan } from '../../src/runs/plans/resolve-plan.ts';
import { mergeIndices, mergeVectors, pasteTokens } from '../../src/runs/plans/splice-tokens.ts';
import { checkSteering } from '../../src/runs/plans/steering-input.ts';
import { cellsOf, checkAxes } from '../../src/runs/plans/sweep-grid.ts';

const models = { tokenizer: 'tok', clip: 'clip-model', siglip: 'siglip-model' };
const limits = limitsWith();
const fox: PlanInput = { objectives: [{ kind: 'clip', prompt: 'a red fox' }] };
const plan = (input: PlanInput, base?: RunPlan) =>
  resolvePlan(input, { models, start: 'noise', ...(base && { plan: base }) }, limits);

function problemOf(work: () => unknown): { field?: unknown; message: string } {
  try {
    work();
  } catch (error) {
    return error as { field?: unknown; message: string };
  }
  throw new Error('nothing was refused');
}

describe('a new plan', () => {
  it('has the plain preset and the defaults at its bottom', () => {
    const { crops, ...settings } = PRESETS.plain;
    expect(plan(fox)).toMatchObject({ ...settings, tokenizer: 'tok', seed: 0, start: { kind: 'noise', sigma: 1 } });
    expect(plan(fox).objectives).toEqual([
      { kind: 'clip', model: 'clip-model', prompt: 'a red fox', negativePrompt: null, cfg: 1, weight: 1, crops },
    ]);
  });

  it.each(['plain', 'reference', 'paper', 'pocket'] as const)(
    'takes the preset %s, and what is given beside it wins',
    (preset) => {
      const { crops, ...settings } = presetFor(preset, 'noise');
      const made = plan({ ...fox, preset, learningRate: 0.7 });
      expect(made).toMatchObject({ ...settings, learningRate: 0.7 });
      expect(made.objectives[0]).toMatchObject({ crops });
      const own = { count: 2, fraction: 0.5, flip: 0 };
      const given = plan({ preset, objectives: [{ kind: 'siglip', prompt: 'x', crops: own }] });
      expect(given.objectives[0]).toMatchObject({ crops: own, model: 'siglip-model' });
    },
  );

  it('takes a preset as it is for the start: from a seed the pocket models are held to it', () => {
    const held = plan({ ...fox, preset: 'pocket', start: { kind: 'seed' } });
    expect(held.regularisation).toEqual(PRESETS.pocket.regularisation);
    expect(plan({ ...fox, preset: 'pocket' }).regularisation).not.toEqual(held.regularisation);
  });

  it.each(Object.keys(PRESETS) as (keyof typeof PRESETS)[])('says to a session what it takes of %s', (preset) => {
    for (const start of ['seed', 'noise'] as const) {
      const { iterations, learningRate, noise, ema, regularisation } = plan({ ...fox, preset, start: { kind: start } });
      expect(presetSettings(preset, start)).toMatchObject({
        ...{ preset, iterations, learningRate, noise, ema },
        regularisationWeight: regularisation.weight,
        regularisationTowards: regularisation.towards,
      });
    }
  });

  it.each<[string, PlanInput, string]>([
    ['no objective', {}, 'plan.objectives'],
    ['a prompt that is empty', { objectives: [{ kind: 'clip', prompt: '  ' }] }, 'plan.objectives.0.prompt'],
    ['a prompt that is missing', { objectives: [{ kind: 'siglip' }] }, 'plan.objectives.0.prompt'],
    [
      'a prompt of control characters',
      { objectives: [{ kind: 'clip', prompt: 'a\u0007b' }] },
      'plan.objectives.0.prompt',
    ],
    [
      'a prompt that is too long',
      { objectives: [{ kind: 'clip', prompt: 'x'.repeat(2_001) }] },
      'plan.objectives.0.prompt',
    ],
    ['a prompt where none belongs', { objectives: [{ kind: 'l1', prompt: 'x' }] }, 'plan.objectives.0'],
    ['NaN', { ...fox, learningRate: Number.NaN }, 'plan.learningRate'],
    ['infinity', { ...fox, noise: Number.POSITIVE_INFINITY }, 'plan.noise'],
    ['too many steps', { ...fox, iterations: 20_001 }, 'plan.iterations'],
    ['half a seed', { ...fox, seed: 0.5 }, 'plan.seed'],
    ['sigma beside a seed', { ...fox, start: { kind: 'seed', sigma: 1 } }, 'plan.start'],
    ['an ema of 1', { ...fox, ema: 1 }, 'plan.ema'],
    ['a position that is locked twice', { ...fox, lockedPositions: [5, 2, 5] }, 'plan.lockedPositions.2'],
    ['a lock before the first token', { ...fox, lockedPositions: [-1] }, 'plan.lockedPositions.0'],
    ['half a position', { ...fox, lockedPositions: [1.5] }, 'plan.lockedPositions.0'],
    ['a meter that never reads', { ...fox, meter: { every: 0 } }, 'plan.meter.every'],
  ])('refuses %s', (_, input, field) => {
    expect(problemOf(() => plan(input)).field).toBe(field);
  });

  it('keeps to limits of the server that are below the engine’s', () => {
    const small = { ...limits, iterations: 100, promptCharacters: 5 };
    const make = (input: PlanInput) => resolvePlan(input, { models, start: 'noise' }, small);
    expect(problemOf(() => make({ ...fox, iterations: 101 })).field).toBe('plan.iterations');
    expect(problemOf(() => make({ ...fox, iterations: 1 })).field).toBe('plan.objectives.0.prompt');
  });
});

describe('overrides', () => {
  const base = plan({
    preset: 'paper',
    objectives: [
      { kind: 'clip', prompt: 'a fox', negativePrompt: 'snow', cfg: 2 },
      { kind: 'l1', weight: 3 },
    ],
    plateau: { window: 5, minImprovement: 0 },
    meter: {},
  });

  it('leave what they do not name', () => {
    expect(plan({}, base)).toEqual(base);
    expect(plan({ learningRate: 0.5 }, base)).toEqual({ ...base, learningRate: 0.5 });
    const renamed = plan({ objectives: [{ kind: 'clip', prompt: 'a dog' }, { kind: 'l1' }] }, base);
    expect(renamed.objectives).toEqual([{ ...base.objectives[0], prompt: 'a dog' }, base.objectives[1]]);
  });

  it('take away with null what can be absent', () => {
    expect(plan({ plateau: null, meter: null }, base)).toMatchObject({ plateau: null, meter: null });
    const bare = plan({ objectives: [{ kind: 'clip', negativePrompt: null, cfg: 1 }] }, base);
    expect(bare.objectives).toEqual([{ ...base.objectives[0], negativePrompt: null, cfg: 1 }]);
    expect(plan({ learningRate: null, iterations: null }, base)).toEqual(base);
  });

  it('with a preset change its settings and crops only', () => {
    const { crops, ...settings } = PRESETS.plain;
    const changed = plan({ preset: 'plain' }, base);
    expect(changed).toEqual({
      ...base,
      ...settings,
      objectives: [{ ...base.objectives[0], crops }, base.objectives[1]],
    });
  });

  it('keep the locked positions, lock others, or none', () => {
    const locked = plan({ lockedPositions: [9, 1] }, base);
    expect(locked).toEqual({ ...base, lockedPositions: [1, 9] });
    expect(plan({ learningRate: 0.5, lockedPositions: null }, locked).lockedPositions).toEqual([1, 9]);
    expect(plan({ lockedPositions: [] }, locked)).toEqual(base);
    // As stored before there were locks.
    const { lockedPositions: _, ...old } = base;
    expect(plan({}, old as RunPlan)).toEqual(base);
  });

  it('of another kind start anew', () => {
    const other = plan({ objectives: [{ kind: 'siglip', prompt: 'a dog' }] }, base);
    expect(other.objectives[0]).toMatchObject({ kind: 'siglip', model: 'siglip-model', weight: 1 });
  });
});

describe('the plan at a step', () => {
  const base: RunPlan = { ...plan(fox), steering: [{ step: 3, change: { noise: 0.5 } }] };

  it('has every change that had taken effect, in its order', () => {
    const changes = [
      { change: { learningRate: 0.2 }, appliedStep: 2 },
      { change: { learningRate: 0.3, objectives: [{ index: 0, prompt: 'a dog' }] }, appliedStep: 5 },
      { change: { noise: 9 }, appliedStep: null },
      { change: { learningRate: 0.25 }, appliedStep: 2 },
    ];
    expect(planAtStep(base, changes, 1)).toEqual({ ...base, steering: [] });
    expect(planAtStep(base, changes, 2)).toMatchObject({ learningRate: 0.25, noise: 0 });
    expect(planAtStep(base, changes, 4)).toMatchObject({ learningRate: 0.25, noise: 0.5 });
    const last = planAtStep(base, changes, 5);
    expect(last).toMatchObject({ learningRate: 0.3, noise: 0.5, steering: [] });
    expect(promptsOf(last)).toEqual(['a dog']);
    expect(promptsOf(base)).toEqual(['a red fox']);
  });

  it('changes nothing that a change does not name', () => {
    expect(steer(base, { objectives: [{ index: 4, weight: 2 }] })).toEqual(base);
  });
});

describe('live changes', () => {
  const base = plan({ objectives: [{ kind: 'clip', prompt: 'x' }, { kind: 'l2' }] });
  it.each([
    ['nothing', {}, 'change'],
    ['NaN', { learningRate: Number.NaN }, 'change.learningRate'],
    ['an objective that is not there', { objectives: [{ index: 2, weight: 1 }] }, 'change.objectives.2'],
    ['a prompt of pixels', { objectives: [{ index: 1, prompt: 'x' }] }, 'change.objectives.1.prompt'],
    ['a prompt of control characters', { objectives: [{ index: 0, prompt: '\u0000' }] }, 'change.objectives.0.prompt'],
    ['too many steps', { iterations: 20_001 }, 'change.iterations'],
    ['a lock on a token that is not there', { lockedPositions: [3, 16] }, 'change.lockedPositions.1'],
    ['a lock given twice', { lockedPositions: [3, 3] }, 'change.lockedPositions.1'],
  ])('refuse %s', (_, change, field) => {
    expect(problemOf(() => checkSteering(change, base, limits, 16)).field).toBe(field);
  });

  it('leave out what is null, but for the negative prompt', () => {
    const change = { noise: null, ema: 0.5, objectives: [{ index: 0, negativePrompt: null, weight: null }] };
    const left = { ema: 0.5, objectives: [{ index: 0, negativePrompt: null }] };
    expect(checkSteering(change, base, limits, 16)).toEqual(left);
  });

  it('lock positions in ascending order, or free all', () => {
    expect(checkSteering({ lockedPositions: [15, 0] }, base, limits, 16)).toEqual({ lockedPositions: [0, 15] });
    expect(checkSteering({ lockedPositions: [] }, base, limits, 16)).toEqual({ lockedPositions: [] });
  });
});

describe('sweeps', () => {
  const base = plan(fox);
  it('make every combination, the last axis fastest', () => {
    const axes = checkAxes(
      [
        { path: 'learningRate', values: [0.1, 0.2] },
        { path: 'objectives.0.prompt', values: ['a', 'b', 'c'] },
      ],
      base,
      400,
    );
    const cells = cellsOf(base, axes, limits);
    expect(cells.map(({ cell }) => cell.join())).toEqual(['0,0', '0,1', '0,2', '1,0', '1,1', '1,2']);
    expect(cells.map(({ plan: own }) => [own.learningRate, promptsOf(own)[0]])).toEqual([
      [0.1, 'a'],
      [0.1, 'b'],
      [0.1, 'c'],
      [0.2, 'a'],
      [0.2, 'b'],
      [0.2, 'c'],
    ]);
    expect(promptsOf(base)).toEqual(['a red fox']);
  });

  it.each<[string, { path: string; values: unknown[] }[], string]>([
    ['no axis', [], 'axes'],
    ['an axis without values', [{ path: 'noise', values: [] }], 'axes'],
    ['too many runs', [{ path: 'seed', values: Array.from({ length: 401 }, (_, i) => i) }], 'axes'],
    [
      'an axis twice',
      [
        { path: 'noise', values: [1] },
        { path: 'noise', values: [2] },
      ],
      'axes.1.path',
    ],
    ['a path that is not in the plan', [{ path: 'nosie', values: [1] }], 'axes.0.path'],
    ['a path to a prototype', [{ path: '__proto__.polluted', values: [1] }], 'axes.0.path'],
    ['a path to a whole object', [{ path: 'objectives.0', values: [1] }], 'axes.0.path'],
    ['a path into a text', [{ path: 'tokenizer.0', values: ['x'] }], 'axes.0.path'],
    ['an object as a value', [{ path: 'noise', values: [{}] }], 'axes.0.values.0'],
    ['infinity', [{ path: 'noise', values: [0, Number.POSITIVE_INFINITY] }], 'axes.0.values.1'],
  ])('refuse %s', (_, axes, field) => {
    expect(problemOf(() => checkAxes(axes, base, 400)).field).toBe(field);
  });

  it('name the value of a cell that cannot run', () => {
    const axes = checkAxes(
      [
        { path: 'noise', values: [0, 1] },
        { path: 'learningRate', values: [0.1, -1] },
      ],
      base,
      400,
    );
    expect(problemOf(() => cellsOf(base, axes, limits)).field).toBe('axes.1.values.1');
  });
});

describe('spliced tokens', () => {
  it('take positions from another', () => {
    expect(mergeIndices([1, 2, 3, 4], [5, 6, 7, 8], [1, 3])).toEqual([1, 6, 3, 8]);
    expect(mergeVectors([1, 2, 3, 4], [5, 6, 7, 8], [1], 2)).toEqual([1, 2, 7, 8]);
    expect(pasteTokens(Int32Array.of(1, 2, 3), [{ position: 2, token: 9 }], 10)).toEqual([1, 2, 9]);
  });

  it('refuse places and tokens that are not there', () => {
    expect(problemOf(() => mergeIndices([1], [2], [])).field).toBe('positions');
    expect(problemOf(() => mergeIndices([1], [2], [0, 1])).field).toBe('positions.1');
    const paste = (position: number, token: number) =>
      problemOf(() => pasteTokens(Int32Array.of(1), [{ position, token }], 10));
    expect(paste(1, 0).field).toBe('tokens.0.position');
    expect(paste(0, 10).field).toBe('tokens.0.token');
    expect(paste(0, -1).field).toBe('tokens.0.token');
  });
});

it('what a plan needs is read off it', () => {
  const made = plan({
    objectives: [
      { kind: 'clip', prompt: 'a', negativePrompt: 'b', cfg: 2 },
      { kind: 'l1' },
      { kind: 'siglip', prompt: 'c' },
    ],
    meter: { model: 'judge' },
    precision: 'int8',
  });
  expect(searchableTexts(made)).toEqual(['a', 'c', 'b']);
  expect(workerNeeds(made)).toEqual(['provider:cpu']);
  expect(deadKnobsOf(made, true)).toEqual([]);
  expect(deadKnobsOf(plan(fox), true)).toEqual([expect.stringContaining('mask')]);
  expect(encodersOf(made).map(({ path }) => path)).toEqual(['objectives.0.model', 'objectives.2.model', 'meter.model']);
});
