// Public face of @tessera/wire: what API and workers say to each other over the bus.
export { type ComputeClientOptions, computeClient } from './compute/client.ts';
export type {
  Compute,
  ModelSummary,
  Perturbation,
  PerturbOptions,
  Picture,
  PictureOptions,
  TokensOf,
} from './compute/compute.ts';
export { COMPUTE_ERROR_CODES, ComputeError, type ComputeErrorCode } from './compute/compute-error.ts';
export { COMPUTE_LIMITS } from './compute/limits.ts';
export { type ServeComputeOptions, serveCompute } from './compute/serve.ts';
export { type RunDelivery, readRunDelivery } from './deliveries.ts';
export { WireFormatError } from './errors.ts';
export { CHANGE_KINDS, decodeChange, encodeChange, type WorkspaceChange } from './messages/change.ts';
export { decodeFrameMessage, encodeFrameMessage } from './messages/frame.ts';
export { decodeStatus, encodeStatus } from './messages/status.ts';
export { decodeStep, encodeStep } from './messages/step.ts';
export type { CheckedFile, ModelPulls, ModelTask } from './models/model-pulls.ts';
export { publishChange, publishFrame, publishQueueChanged, publishStatus, publishStep } from './publishers.ts';
export { topics } from './topics.ts';
