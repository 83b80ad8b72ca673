// The pure parts of the session page: shared text, live changes, the tree of forks, copied tokens, the meter's warning.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isParting } from '../src/features/session/chart/parting.ts';
import { treeRows } from '../src/features/session/runs/run-tree.ts';
import { planNow, steeringFor, wordsFor } from '../src/features/session/runs/steering.ts';
import { parseCopied, pastedTokens } from '../src/features/session/tokens/clipboard.ts';
import { clampTo, parseNumber } from '../src/lib/number.ts';
import { applySplice, moveThrough, spliceBetween, spliceThrough } from '../src/lib/splice.ts';

describe('a text that several write in', () => {
  it('finds the change between any two texts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(applySplice(before, spliceBetween(before, after))).toBe(after);
      }),
    );
  });

  it('keeps the caret at its letter', () => {
    expect(moveThrough(5, [{ retain: 2 }, { insert: 'abc' }])).toBe(8);
    expect(moveThrough(5, [{ retain: 6 }, { insert: 'abc' }])).toBe(5);
    expect(moveThrough(5, [{ delete: 3 }])).toBe(2);
    expect(moveThrough(2, [{ retain: 1 }, { delete: 4 }])).toBe(1);
  });

  it('moves what was composed past what others wrote meanwhile', () => {
    const mine = spliceBetween('a cat', 'a black cat');
    expect(applySplice('see: a cat', spliceThrough(mine, [{ insert: 'see: ' }]))).toBe('see: a black cat');
  });
});

describe('steering a running run', () => {
  const plan = {
    tokenizer: 'pocket-32',
    objectives: [
      {
        kind: 'clip' as const,
        model: 'm',
        prompt: 'a',
        negativePrompt: null,
        cfg: 1,
        weight: 1,
        crops: { count: 0, fraction: 1, flip: 0 },
      },
    ],
    iterations: 100,
    learningRate: 0.1,
    start: { kind: 'seed' as const },
    quantisation: 'straight-through' as const,
    noise: 0,
    regularisation: { weight: 0, towards: 'zero' as const },
    ema: 0,
    lockedPositions: [] as number[],
    resetEvery: 0,
    seed: 0,
    precision: 'fp32' as const,
    meter: null,
  };

  it('offers nothing while both say the same', () => {
    expect(steeringFor(plan, plan)).toBeNull();
  });

  it('offers what changed, and nothing once the run has taken it', () => {
    const wanted = { ...plan, learningRate: 0.2, objectives: [{ ...plan.objectives[0]!, prompt: 'b' }] };
    const change = steeringFor(wanted, plan)!;
    expect(change).toEqual({ learningRate: 0.2, objectives: [{ index: 0, prompt: 'b' }] });
    expect(wordsFor(change)).toBe('prompt, learning rate');
    expect(steeringFor(wanted, planNow(plan, [change]))).toBeNull();
  });

  it('offers locks and unlocks, also to a run from before there were any', () => {
    const locked = { ...plan, lockedPositions: [3, 10] };
    const change = steeringFor(locked, plan)!;
    expect(change).toEqual({ lockedPositions: [3, 10] });
    expect(wordsFor(change)).toBe('locked tokens');
    expect(steeringFor(locked, planNow(plan, [change]))).toBeNull();
    expect(steeringFor(plan, locked)).toEqual({ lockedPositions: [] });
    const { lockedPositions: _, ...old } = plan;
    expect(steeringFor(plan, old)).toBeNull();
  });

  it('leaves objectives of other kinds to a new run', () => {
    const wanted = { ...plan, objectives: [{ kind: 'l1' as const, weight: 2 }] };
    expect(steeringFor(wanted, plan)).toBeNull();
  });
});

it('shows forks under their run, oldest first', () => {
  const run = (id: string, parent?: string) => ({ id, parent: parent ? { id: parent } : null });
  const newestFirst = [run('e', 'gone'), run('d', 'b'), run('c', 'a'), run('b', 'a'), run('a')];
  const rows = treeRows(newestFirst as unknown as Parameters<typeof treeRows>[0]);
  expect(rows.map(({ run: { id }, depth }) => `${'-'.repeat(depth)}${id}`)).toEqual(['e', 'a', '-b', '--d', '-c']);
});

describe('copied tokens', () => {
  it('go to the selected positions, or to their own; locked ones stay', () => {
    const copied = [
      { position: 1, token: 10 },
      { position: 2, token: 20 },
    ];
    expect(pastedTokens(copied, [7, 9], new Set([9]))).toEqual([{ position: 7, token: 10 }]);
    expect(pastedTokens(copied, [], new Set([2]))).toEqual([{ position: 1, token: 10 }]);
  });

  it.each(['', 'text', '{}', '{"tokenizer":"x","tokens":[{"position":1.5,"token":2}]}', '[1]'])(
    'are not in %j',
    (text) => {
      expect(parseCopied(text)).toBeNull();
    },
  );
});

describe('the meter', () => {
  const readings = (scores: readonly number[]) => scores.map((score, step) => ({ step, loss: -step, score }));

  it('warns when the score falls while the loss improves', () => {
    expect(isParting(readings([0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0]))).toBe(true);
  });

  it('is quiet while both improve, while there is little to go by, and where it is off', () => {
    expect(isParting(readings([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]))).toBe(false);
    expect(isParting(readings([3, 2, 1]))).toBe(false);
    expect(isParting([0, 1, 2, 3].map((step) => ({ step, loss: -step, score: null })))).toBe(false);
  });
});

it('reads and rounds numbers as people type them', () => {
  expect(parseNumber('0,25')).toBe(0.25);
  expect(parseNumber('x')).toBeNull();
  expect(clampTo(0.1 + 0.2, { step: 0.01 })).toBe(0.3);
  expect(clampTo(7.6, { integer: true, max: 5 })).toBe(5);
});
