// The settings that edits are measured with, and the grid in which a sweep looks for better ones.
import { createHash } from 'node:crypto';
import { PRESETS, presetFor, type RunPlan } from '@tessera/engine';

export type EditSettings = Pick<
  RunPlan,
  'iterations' | 'learningRate' | 'noise' | 'regularisation' | 'ema' | 'quantisation' | 'plateau'
> & {
  readonly crops: { readonly count: number; readonly fraction: number; readonly flip: number };
  /** Standard deviation of the tokens that a picture from scratch starts from. */
  readonly sigma: number;
  /** What else is different from scratch. */
  readonly scratch: Pick<RunPlan, 'iterations' | 'regularisation'>;
};

const { iterations, regularisation } = presetFor('pocket', 'noise');

/** The product's default for the pocket models. */
export const DEFAULT_SETTINGS: EditSettings = {
  ...PRESETS.pocket,
  quantisation: 'straight-through',
  plateau: null,
  sigma: 1,
  scratch: { iterations, regularisation },
};

/** The settings with another number of steps for all tasks. */
export const withSteps = (settings: EditSettings, steps: number): EditSettings => ({
  ...settings,
  iterations: steps,
  scratch: { ...settings.scratch, iterations: steps },
});

type Grid = { readonly [K in keyof EditSettings]?: readonly EditSettings[K][] };

const flipped = (count: number, fraction: number) => ({ count, fraction, flip: 0.5 });

/** Values that candidates are drawn from; what is not named stays as it is by default. */
export const GRID: Grid = {
  iterations: [100, 150, 200],
  learningRate: [0.1, 0.2, 0.3, 0.45, 0.6],
  noise: [0, 0.1, 0.3],
  regularisation: [
    { weight: 0, towards: 'zero' },
    { weight: 0.02, towards: 'zero' },
    { weight: 0.002, towards: 'seed' },
    { weight: 0.005, towards: 'seed' },
    { weight: 0.01, towards: 'seed' },
    { weight: 0.03, towards: 'seed' },
  ],
  ema: [0, 0.9, 0.98],
  quantisation: ['straight-through', 'before'],
  sigma: [0.3, 1, 3],
  crops: [{ count: 0, fraction: 1, flip: 0 }, flipped(4, 0.875), flipped(8, 0.875), flipped(8, 0.75)],
};

/** The default settings, then `count - 1` others that the seed draws from the grid. */
export function candidates(count: number, seed: number): EditSettings[] {
  const known = new Map([[JSON.stringify(DEFAULT_SETTINGS), DEFAULT_SETTINGS]]);
  for (let draw = 0; known.size < count; draw++) {
    const drawn = Object.entries(GRID).map(([name, values]) => [name, values[pick(values.length, seed, draw, name)]]);
    const candidate = { ...DEFAULT_SETTINGS, ...Object.fromEntries(drawn) } as EditSettings;
    known.set(JSON.stringify(candidate), candidate);
  }
  return [...known.values()];
}

/** A whole number in 0 .. bound-1 that depends on `facts` alone. */
export function pick(bound: number, ...facts: readonly (string | number)[]): number {
  return createHash('sha256').update(facts.join(' ')).digest().readUInt32LE() % bound;
}
