// Asks workers for what needs an engine.
import type { Bus } from '@tessera/bus';
import type { Compute } from '@tessera/wire';

export function computeOver(_bus: Bus): Compute {
  const absent = () => Promise.reject(Object.assign(new Error('No worker answered.'), { code: 'UNAVAILABLE' }));
  return {
    models: async () => [],
    decode: absent,
    encode: absent,
    embedTexts: absent,
    embedPictures: absent,
    perturb: absent,
  };
}
