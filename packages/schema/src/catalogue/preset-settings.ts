// A preset of the engine in the words of a session's settings.
import type { Settings } from '@tessera/collab';
import type { PRESETS, PresetName } from '@tessera/engine/plan';

export function presetSettings(
  name: PresetName,
  { iterations, learningRate, noise, regularisation, ema, crops }: (typeof PRESETS)[PresetName],
): Partial<Settings> {
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
