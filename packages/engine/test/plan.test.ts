// What a plan accepts, what it says about mistakes, and what it says about settings that do nothing.
import { describe, expect, it } from 'vitest';
import { deadKnobs, PRESET_TEXTS, PRESETS, parsePlan, presetFor, type RunPlanInput } from '../src/index.ts';

const good: RunPlanInput = {
  tokenizer: 'pocket-32',
  objectives: [{ kind: 'clip', model: 'pocket-clip', prompt: 'a cat' }],
  iterations: 10,
  learningRate: 0.1,
  start: { kind: 'seed' },
  seed: 1,
};
const clip = (change: object) => ({ ...good, objectives: [{ ...good.objectives[0]!, ...change }] });

describe('parsePlan', () => {
  it.each([
    ['learningRate', { ...good, learningRate: Number.NaN }, /finite/],
    ['learningRate', { ...good, learningRate: 0 }, /above 0/],
    ['iterations', { ...good, iterations: -1 }, /negative/],
    ['iterations', { ...good, iterations: 1.5 }, /whole/],
    ['iterations', { ...good, iterations: 1e9 }, /at most/],
    ['ema', { ...good, ema: 1 }, /below 1/],
    ['noise', { ...good, noise: Number.POSITIVE_INFINITY }, /finite/],
    ['objectives', { ...good, objectives: [] }, /no objective/],
    ['objectives.0.prompt', clip({ prompt: '  ' }), /empty/],
    ['objectives.0.prompt', clip({ prompt: 'x'.repeat(2001) }), /2000 characters/],
    ['objectives.0.prompt', clip({ prompt: 'a\u0007b' }), /control/],
    ['objectives.0.crops.fraction', clip({ crops: { count: 8, fraction: 0, flip: 0.5 } }), /./],
    ['objectives.0.kind', { ...good, objectives: [{ kind: 'dream' }] }, /./],
    ['', { ...good, colour: 'red' }, /colour/],
  ])('names %s', (path, plan, message) => {
    expect(() => parsePlan(plan)).toThrow(
      expect.objectContaining({ code: 'PLAN_INVALID', path, message: expect.stringMatching(message) }),
    );
  });

  it('fills in every default', () => {
    expect(parsePlan(good)).toMatchObject({
      quantisation: 'straight-through',
      ema: 0,
      noise: 0,
      precision: 'fp32',
      frameEvery: 1,
    });
    expect(parsePlan(good).objectives[0]).toMatchObject({
      cfg: 1,
      weight: 1,
      crops: { count: 8, fraction: 0.875, flip: 0.5 },
    });
  });

  it('accepts every preset', () => {
    for (const { crops, ...fields } of Object.values(PRESETS))
      expect(parsePlan({ ...clip({ crops }), ...fields })).toMatchObject(fields);
  });
});

describe('presets', () => {
  it('hold a run from noise to zero, not to the noise; those without a pull to the seed are the same', () => {
    expect(presetFor('pocket', 'seed')).toBe(PRESETS.pocket);
    expect(PRESETS.pocket.regularisation.towards).toBe('seed');
    expect(presetFor('pocket', 'noise')).toEqual({
      ...PRESETS.pocket,
      iterations: 200,
      regularisation: PRESETS.paper.regularisation,
    });
    for (const name of ['plain', 'reference', 'paper'] as const) expect(presetFor(name, 'noise')).toBe(PRESETS[name]);
  });
  it('the pocket preset takes at most the 200 steps that the models promise', () => {
    for (const start of ['seed', 'noise'] as const) {
      expect(presetFor('pocket', start).iterations).toBeLessThanOrEqual(200);
    }
  });
  it('have a title and a description each', () => {
    expect(Object.keys(PRESET_TEXTS)).toEqual(Object.keys(PRESETS));
    expect(new Set(Object.values(PRESET_TEXTS).map(({ title }) => title)).size).toBe(4);
  });
});

describe('deadKnobs', () => {
  it('says which settings do nothing', () => {
    expect(deadKnobs(parsePlan(good))).toEqual([]);
    expect(deadKnobs(parsePlan(clip({ negativePrompt: 'a dog' })))[0]).toMatch(/negative prompt does nothing at cfg 1/);
    expect(deadKnobs(parsePlan(clip({ cfg: 2 })))[0]).toMatch(/cfg 2 does nothing without/);
    expect(deadKnobs(parsePlan(clip({ weight: 0 })))[0]).toMatch(/weight 0/);
  });
});
