// Looks for the best default settings: all candidates on a few edits, the better half of them on twice as many, and so on.

import type { EditRun } from './edits.ts';
import { editShares } from './metrics.ts';
import type { EditSettings } from './settings.ts';

export interface Trial {
  readonly settings: EditSettings;
  /** From 0. */
  readonly round: number;
  readonly pairs: number;
  readonly success: number;
  readonly kept: number;
  readonly score: number;
}

/** What must be left alone at least, as a share: the issue's. */
const KEPT_LEAST = 0.7;
/** What the kept rest is worth against success above that share, and what each point below it costs. */
const KEPT = { worth: 0.1, missing: 2 };

/** Success first, as long as enough is kept. */
export function score({ success, kept }: Pick<Trial, 'success' | 'kept'>): number {
  return success + KEPT.worth * kept - KEPT.missing * Math.max(0, KEPT_LEAST - kept);
}

export interface SweepPlan {
  readonly candidates: readonly EditSettings[];
  /** Pairs of the first round. */
  readonly pairs: number;
  /** Pairs there are. */
  readonly maxPairs: number;
}

/**
 * Successive halving; ends when one candidate is left or all pairs were used. Gives every trial, those of the last round first,
 * best first in each round.
 * Source: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016.
 */
export async function sweep(
  { candidates, pairs, maxPairs }: SweepPlan,
  run: (
    settings: EditSettings,
    pairs: number,
  ) => Promise<readonly Pick<EditRun, 'edit' | 'verdict' | 'success' | 'kept'>[]>,
  onTrial: (trial: Trial) => void = () => {},
  round = 0,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const settings of candidates) {
    const { success, kept = 0 } = editShares(await run(settings, pairs));
    const trial = { settings, round, pairs, success, kept, score: score({ success, kept }) };
    trials.push(trial);
    onTrial(trial);
  }
  trials.sort((a, b) => b.score - a.score);
  if (candidates.length === 1 || pairs >= maxPairs) return trials;
  const better = trials.slice(0, Math.ceil(trials.length / 2)).map(({ settings }) => settings);
  const next = { candidates: better, pairs: Math.min(maxPairs, 2 * pairs), maxPairs };
  return [...(await sweep(next, run, onTrial, round + 1)), ...trials];
}
