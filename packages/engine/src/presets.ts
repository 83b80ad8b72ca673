// The settings the paper and its reference implementation use, by name. Source: mission section 2, paper section 5.4.
import type { RunPlanInput } from './plan.ts';

type PresetFields = Pick<RunPlanInput, 'iterations' | 'learningRate' | 'noise' | 'regularisation' | 'ema'> & {
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
} as const satisfies Record<string, PresetFields>;

export type PresetName = keyof typeof PRESETS;
