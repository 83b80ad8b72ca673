// Distances to the known region of a reference image: mean over channels and pixels of d(decoded, target) (1 - mask).
import { f, type Value } from '@tessera/graph';
import type { BuildContext, Objective } from './objective.ts';

function knownRegion(context: BuildContext<unknown>, distance: (difference: Value) => Value): Value {
  const { image, shared } = context;
  const [, channels, height, width] = image.shape as [number, number, number, number];
  const target = shared('target', [channels, height, width]);
  const mask = shared('mask', [1, height, width]);
  const known = f.add(f.neg(mask), 1);
  return f.reduceMean(f.mul(distance(f.sub(image, target)), known), [1, 2, 3]);
}

function pixelObjective<K extends 'l1' | 'l2'>(kind: K, distance: (difference: Value) => Value): Objective<K> {
  return {
    kind,
    model: () => undefined,
    graphKey: () => kind,
    build: (context) => ({ loss: knownRegion(context, distance) }),
    prepare: async () => undefined,
    feeds: () => ({}),
  };
}

export const l1Objective = pixelObjective('l1', f.abs);
export const l2Objective = pixelObjective('l2', f.square);
