// Where a run's random draws come from: seeded in a run, recorded in a parity test.
import type { Crops } from '../plan.ts';
import { normals } from '../random.ts';
import { type Crop, drawCrops } from '../views.ts';

export interface Draws {
  /** Standard normal noise on the tokens at a step. */
  noise(step: number, count: number): Float32Array;
  /** Standard normal draws for sampling a VAE's tokens. */
  epsilon(step: number, count: number): Float32Array;
  crops(step: number, side: number, crops: Crops): Crop[];
}

export function seededDraws(seed: number): Draws {
  return {
    noise: (step, count) => normals(seed, 'noise', step, count),
    epsilon: (step, count) => normals(seed, 'epsilon', step, count),
    crops: (step, side, crops) => drawCrops(seed, step, side, crops),
  };
}
