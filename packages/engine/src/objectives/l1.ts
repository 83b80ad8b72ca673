// Mean absolute difference to the known region of a reference image: inpainting.
import { f } from '@tessera/graph';
import { knownRegionObjective } from './known-region.ts';

export const l1Objective = knownRegionObjective('l1', f.abs);
