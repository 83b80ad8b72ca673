// Features as both image-text models compare them.
import { f, type Value } from '@tessera/graph';

/** Features [N, D] of any precision as unit vectors, float32. */
export const unit = (features: Value): Value => f.l2Normalize(f.cast(features, 'float32'));
