// Looks for the best default settings: all candidates on a few edits, the better half of them on twice as many, and so on.

import type { EditRun } from './edits.ts';
import { editShares } from './metrics.ts';
import type { EditSettings } from './settings.ts';

export interface Trial {
  readonly settings: EditSettings;
  readonly pairs: number;
  readonly success: number;
  readonly kept: number;
  readonly score: number;
}

/** What the asked change and the kept rest are worth against each other: an edit that does not happen keeps everything. */
const KEPT_WORTH = 0.5;

export interface SweepPlan {
  readonly candidates: readonly EditSettings[];
  /** Pairs of the first round. */
  readonly pairs: number;
  /** Pairs there are. */
  readonly maxPairs: number;
}

/**
 * Successive halving; ends when one candidate is left or all pairs were used. Gives the last round's trials, best first.
 * Source: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016.
 */
export async function sweep(
  { candidates, pairs, maxPairs }: SweepPlan,
  run: (
    settings: EditSettings,
    pairs: number,
  ) => Promise<readonly Pick<EditRun, 'edit' | 'verdict' | 'success' | 'kept'>[]>,
  onTrial: (trial: Trial) => void = () => {},
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const settings of candidates) {
    const shares = editShares(await run(settings, pairs));
    const kept = shares.kept ?? 0;
    const trial = { settings, ...shares, kept, score: shares.success + KEPT_WORTH * kept };
    trials.push(trial);
    onTrial(trial);
  }
  trials.sort((a, b) => b.score - a.score);
  if (candidates.length === 1 || pairs >= maxPairs) return trials;
  const better = trials.slice(0, Math.ceil(trials.length / 2)).map(({ settings }) => settings);
  return sweep({ candidates: better, pairs: Math.min(maxPairs, 2 * pairs), maxPairs }, run, onTrial);
}
