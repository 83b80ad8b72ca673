// A preset of the engine in the words of a session's settings.
import type { Settings } from '@tessera/collab';
import { type PresetName, presetFor } from '@tessera/engine/plan';

/** `start`: where the session's runs start; a preset may differ by it. */
export function presetSettings(name: PresetName, start: Settings['startFrom']): Partial<Settings> {
  const { iterations, learningRate, noise, regularisation, ema, crops } = presetFor(name, start);
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
