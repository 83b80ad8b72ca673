// The search for settings: halving, its order, and candidates that depend on the seed alone.
import { describe, expect, it } from 'vitest';
import { candidates, DEFAULT_SETTINGS, type EditSettings } from '../../src/pocket/settings.ts';
import { sweep } from '../../src/pocket/sweep.ts';

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
    expect(trials.map(({ settings, pairs }) => [settings.learningRate, pairs])).toEqual([[0.4, 16]]);
  });
  it('prefers an edit that happens over one that keeps everything', async () => {
    const trials = await sweep({ candidates: [at(0.1), at(0.2)], pairs: 2, maxPairs: 2 }, async (s) => [
      { edit, verdict: {}, success: s.learningRate === 0.2, kept: s.learningRate === 0.2 ? 0.5 : 1 },
    ]);
    expect(trials.map(({ settings }) => settings.learningRate)).toEqual([0.2, 0.1]);
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
