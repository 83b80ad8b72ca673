// What settings are where the document does not say: those of the shared schema, without bringing its checker to the browser.
import type { Settings } from '@tessera/collab';

export const SETTING_DEFAULTS: Settings = {
  tokenizer: null,
  preset: null,
  seedId: null,
  iterations: 300,
  learningRate: 0.1,
  noise: 0,
  regularisationWeight: 0,
  regularisationTowards: 'zero',
  ema: 0,
  cfg: 1,
  cropCount: 0,
  cropFraction: 1,
  cropFlip: 0,
  seed: 0,
  startFrom: 'seed',
  sigma: 1,
  quantisation: 'straight-through',
  resetEvery: 0,
  meterEvery: 10,
  precision: 'fp32',
  maskFeather: 0,
  maskInvert: false,
};

/** Only what this page knows; the server has checked the values. */
export function knownSettings(values: Record<string, unknown>): Partial<Settings> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in SETTING_DEFAULTS));
}
