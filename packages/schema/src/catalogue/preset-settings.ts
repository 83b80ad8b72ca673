// A preset of the engine in the words of a session's settings.
import type { Settings } from '@tessera/collab';
import { PRESETS, type PresetName } from '@tessera/engine/plan';

export function presetSettings(name: PresetName): Partial<Settings> {
  const { iterations, learningRate, noise, regularisation, ema, crops } = PRESETS[name];
  return {
    preset: name,
    iterations,
    learningRate,
    noise,
    regularisationWeight: regularisation.weight,
    regularisationTowards: regularisation.towards,
    ema,
    cropCount: crops.count,
    cropFraction: crops.fraction,
    cropFlip: crops.flip,
  };
}
