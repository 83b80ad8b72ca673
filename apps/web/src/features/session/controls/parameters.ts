// The numeric parameters as the panel shows them.
import type { Settings } from '@tessera/collab';
import { LIMITS } from '@tessera/protocol';

type NumberName = { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings];

export interface NumberParameter {
  readonly name: NumberName;
  readonly label: string;
  readonly hint: string;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly integer?: boolean;
}

export const BASIC: readonly NumberParameter[] = [
  {
    name: 'iterations',
    label: 'Steps',
    hint: 'How many times the tokens are moved',
    integer: true,
    min: 0,
    max: LIMITS.iterations.value,
    step: 10,
  },
  { name: 'learningRate', label: 'Learning rate', hint: 'How far one step moves the tokens', min: 0.001, step: 0.01 },
  {
    name: 'noise',
    label: 'Noise',
    hint: 'Random movement of the tokens, less and less over the run',
    min: 0,
    step: 0.01,
  },
  { name: 'cfg', label: 'cfg', hint: 'How strongly it leads away from the negative prompt', min: 0, step: 0.1 },
];

export const ADVANCED: readonly NumberParameter[] = [
  {
    name: 'ema',
    label: 'Averaging',
    hint: 'The shown tokens are a moving average; 0 shows each step',
    min: 0,
    max: 0.999,
    step: 0.01,
  },
  {
    name: 'regularisationWeight',
    label: 'Regularisation',
    hint: 'Keeps the tokens near zero or the start',
    min: 0,
    step: 0.01,
  },
  {
    name: 'cropCount',
    label: 'Crops',
    hint: 'Random views of the picture a step; 0 looks at the whole',
    integer: true,
    min: 0,
    max: 64,
  },
  {
    name: 'cropFraction',
    label: 'Crop size',
    hint: 'Side of a view as a share of the picture',
    min: 0.05,
    max: 1,
    step: 0.025,
  },
  { name: 'cropFlip', label: 'Crop flips', hint: 'How often a view is mirrored', min: 0, max: 1, step: 0.05 },
  {
    name: 'resetEvery',
    label: 'Reset every',
    hint: 'Steps between putting back what the mask keeps; 0 never',
    integer: true,
    min: 0,
    max: LIMITS.iterations.value,
  },
];
