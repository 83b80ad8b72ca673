// Public face of @tessera/wire: what API and workers say to each other over the bus.
export type { Compute, ModelSummary, Perturbation, Picture, PictureOptions, TokensOf } from './compute.ts';
export { topics } from './topics.ts';
