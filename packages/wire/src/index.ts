// Public face of @tessera/wire: what API and workers say to each other over the bus.
export type { Compute, ModelSummary, Perturbation, Picture, PictureOptions, TokensOf } from './compute.ts';
export { type RunDelivery, readRunDelivery } from './deliveries.ts';
export { WireFormatError } from './errors.ts';
export { CHANGE_KINDS, decodeChange, encodeChange, type WorkspaceChange } from './messages/change.ts';
export { decodeFrameMessage, encodeFrameMessage } from './messages/frame.ts';
export { decodeStatus, encodeStatus } from './messages/status.ts';
export { decodeStep, encodeStep } from './messages/step.ts';
export { publishChange, publishFrame, publishQueueChanged, publishStatus, publishStep } from './publishers.ts';
export { topics } from './topics.ts';
