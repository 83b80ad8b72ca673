// What pixel objectives share: a distance to a reference image, averaged over the region that is known.
import { f, type Value } from '@tessera/graph';
import type { BuildContext, Objective } from './objective.ts';

/** mean over channels and pixels of distance(decoded - target) (1 - mask), per image. Source: paper 4.3, reference notebook. */
export function knownRegionObjective<K extends 'l1' | 'l2'>(
  kind: K,
  distance: (difference: Value) => Value,
): Objective<K> {
  return {
    kind,
    needsTarget: true,
    model: () => undefined,
    graphKey: () => kind,
    build: (context) => ({ loss: knownRegion(context, distance) }),
    prepare: async () => undefined,
    feeds: () => ({}),
  };
}

function knownRegion(context: BuildContext<unknown>, distance: (difference: Value) => Value): Value {
  const { image, shared } = context;
  const [, channels, height, width] = image.shape as [number, number, number, number];
  const target = shared('target', [channels, height, width]);
  const mask = shared('mask', [1, height, width]);
  const known = f.add(f.neg(mask), 1);
  return f.reduceMean(f.mul(distance(f.sub(image, target)), known), [1, 2, 3]);
}
