// Settings by name: those of the paper and of its reference implementation, and those found for the pocket models.
// Source: mission section 2, paper section 5.4; `pocket` by `npm run pocket:eval -- --sweep` on scenes that no figure rests on.
import type { RunPlan } from './plan.ts';

type PresetFields = Pick<RunPlan, 'iterations' | 'learningRate' | 'noise' | 'regularisation' | 'ema'> & {
  readonly crops: { readonly count: number; readonly fraction: number; readonly flip: number };
};

const NO_CROPS = { count: 0, fraction: 1, flip: 0 };
const PAPER_CROPS = { count: 8, fraction: 0.875, flip: 0.5 };

export const PRESETS = {
  /** Adam on the tokens, nothing else: the baseline row of Table 4. */
  plain: {
    iterations: 300,
    learningRate: 0.1,
    noise: 0,
    regularisation: { weight: 0, towards: 'zero' },
    ema: 0,
    crops: NO_CROPS,
  },
  /** What the reference implementation does when no option is given. */
  reference: {
    iterations: 600,
    learningRate: 0.1,
    noise: 0,
    regularisation: { weight: 0, towards: 'zero' },
    ema: 0,
    crops: NO_CROPS,
  },
  /** Crops, EMA, noise and regularisation: the last row of Table 4. */
  paper: {
    iterations: 300,
    learningRate: 0.1,
    noise: 0.1,
    regularisation: { weight: 0.02, towards: 'zero' },
    ema: 0.98,
    crops: PAPER_CROPS,
  },
  /** For the pocket models: they need longer steps, and forget the seed unless they are held to it. */
  pocket: {
    iterations: 150,
    learningRate: 0.3,
    noise: 0.1,
    regularisation: { weight: 0.006, towards: 'seed' },
    ema: 0.98,
    crops: PAPER_CROPS,
  },
} as const satisfies Record<string, PresetFields>;

export type PresetName = keyof typeof PRESETS;

/** Steps of a run of the pocket models from noise, where nothing is there yet. */
const POCKET_SCRATCH_ITERATIONS = 200;

/** A preset for a run that starts from a seed, or from noise: noise is nothing to stay near, so the pocket models' tokens are held to zero instead. */
export function presetFor(name: PresetName, start: 'seed' | 'noise'): PresetFields {
  if (name !== 'pocket' || start === 'seed') return PRESETS[name];
  return {
    ...PRESETS.pocket,
    iterations: POCKET_SCRATCH_ITERATIONS,
    regularisation: PRESETS.paper.regularisation,
  };
}

/** What a user reads of a preset. */
export const PRESET_TEXTS: Readonly<Record<PresetName, { readonly title: string; readonly description: string }>> = {
  plain: {
    title: 'Plain',
    description: 'Adam on the tokens and nothing else: the baseline row of the paper’s Table 4.',
  },
  reference: {
    title: 'Reference defaults',
    description: 'What the reference implementation does when no option is given: plain, with twice as many steps.',
  },
  paper: {
    title: 'Paper, all tweaks',
    description: 'Random crops, moving average, token noise and regularisation: the last row of the paper’s Table 4.',
  },
  pocket: {
    title: 'Pocket',
    description: 'Tuned for the embedded pocket models: the default where they are used.',
  },
};
