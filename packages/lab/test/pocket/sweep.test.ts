// The search for settings: halving, its order, and candidates that depend on the seed alone.
import { describe, expect, it } from 'vitest';
import { candidates, DEFAULT_SETTINGS, type EditSettings } from '../../src/pocket/settings.ts';
import { score, sweep } from '../../src/pocket/sweep.ts';

const at = (learningRate: number): EditSettings => ({ ...DEFAULT_SETTINGS, learningRate });
const edit = { scene: 0, task: 'light', prompt: 'x', want: { light: 'day' } } as const;

describe('sweep', () => {
  it('tries the better half on twice the pairs until one is left', async () => {
    const asked: [number, number][] = [];
    const trials = await sweep({ candidates: [0.1, 0.4, 0.2, 0.3].map(at), pairs: 4, maxPairs: 64 }, async (s, n) => {
      asked.push([s.learningRate, n]);
      return Array.from({ length: n }, (_, i) => ({ edit, verdict: {}, success: i / n < s.learningRate, kept: 1 }));
    });
    expect(asked).toEqual([
      ...[0.1, 0.4, 0.2, 0.3].map((rate): [number, number] => [rate, 4]),
      ...[0.4, 0.3].map((rate): [number, number] => [rate, 8]),
      [0.4, 16],
    ]);
    expect(trials.map(({ settings, round, pairs }) => [settings.learningRate, round, pairs])).toEqual([
      [0.4, 2, 16],
      ...[0.4, 0.3].map((rate) => [rate, 1, 8]),
      // Equals stay in the order in which they were given.
      ...[0.4, 0.3, 0.1, 0.2].map((rate) => [rate, 0, 4]),
    ]);
  });
  it('prefers edits that happen, as long as seven tenths of the rest are kept', () => {
    const best = (...trials: { success: number; kept: number }[]) => trials.sort((a, b) => score(b) - score(a))[0];
    const [bold, shy, rough] = [
      { success: 0.8, kept: 0.7 },
      { success: 0.5, kept: 1 },
      { success: 0.9, kept: 0.5 },
    ];
    expect(best(shy, rough, bold)).toBe(bold);
    expect(best(rough, shy)).toBe(shy);
    expect(best(bold, { success: 0.8, kept: 0.9 })).toEqual({ success: 0.8, kept: 0.9 });
  });
});

describe('candidates', () => {
  it('are distinct, start with the default and are the same for the same seed', () => {
    const drawn = candidates(12, 5);
    expect(drawn[0]).toEqual(DEFAULT_SETTINGS);
    expect(new Set(drawn.map((settings) => JSON.stringify(settings))).size).toBe(12);
    expect(candidates(12, 5)).toEqual(drawn);
    expect(candidates(12, 6)).not.toEqual(drawn);
    expect(drawn.every(({ iterations }) => iterations <= 200)).toBe(true);
  });
});
