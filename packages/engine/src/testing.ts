// For tests of this and other packages: a plan that takes every step and no time.
import { parsePlan, type RunPlan, type RunPlanInput } from './plan.ts';

const CROPS = { count: 1, fraction: 0.875, flip: 0.5 };

/** Six steps on the embedded models with everything switched on, one crop. */
export function smallPlan(change: Partial<RunPlanInput> = {}): RunPlan {
  return parsePlan({
    tokenizer: 'pocket-32',
    objectives: [{ kind: 'clip', model: 'pocket-clip', prompt: 'a cat on a beach at night', crops: CROPS }],
    iterations: 6,
    learningRate: 0.1,
    start: { kind: 'noise', sigma: 1 },
    noise: 0.1,
    ema: 0.9,
    regularisation: { weight: 0.02, towards: 'zero' },
    seed: 7,
    ...change,
  });
}
