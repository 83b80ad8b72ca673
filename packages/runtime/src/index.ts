// The public face of @tessera/runtime: ONNX Runtime sessions behind one port, in this process or in a child.
export type { EngineStats } from './child/protocol.ts';
export {
  EngineCrashedError,
  FeedError,
  ModelLoadError,
  OptionError,
  ProviderUnavailableError,
  RunError,
  RuntimeClosedError,
  RuntimeError,
  type RuntimeErrorCode,
  SessionClosedError,
  TensorError,
} from './errors.ts';
export { ENGINE_LIMITS, type EngineLimits } from './limits.ts';
export type { OnnxModel, TensorInfo } from './model.ts';
export type { Availability, Provider, ProviderName } from './providers/provider.ts';
export { AUTO_ORDER, PROVIDERS } from './providers/table.ts';
export { openRuntime, type ProcessChoice, type Runtime, type RuntimeOptions } from './runtime.ts';
export { type ProviderChoice, type Selection, selectProvider } from './select.ts';
export { defaultThreads, type Feeds, type Session, type SessionOptions } from './session.ts';
export {
  type DType,
  describeTensor,
  elementCount,
  type Tensor,
  type TensorData,
  type TensorOf,
  tensor,
} from './tensor.ts';
