// Mean squared difference to the known region of a reference image.
import { f } from '@tessera/graph';
import { knownRegionObjective } from './known-region.ts';

export const l2Objective = knownRegionObjective('l2', f.square);
