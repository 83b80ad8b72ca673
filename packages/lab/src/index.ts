// Public face of @tessera/lab: measurements on images, features and tokens.
export { frechetDistance } from './metrics/frechet-distance.ts';
export { inceptionScore } from './metrics/inception-score.ts';
