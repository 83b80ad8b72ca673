// Public face of @tessera/models: the model families as graph functions, their checkpoints and their text tokenizers.
export {
  type ClipConfig,
  type ImageNormalisation,
  OPENAI_NORMALISATION,
  type SiglipConfig,
  type TiTokConfig,
  type TransformerShape,
  type VqganConfig,
} from './architectures.ts';
// Checkpoints: strict readers, the writer for token histories, conversion.
export type { Checkpoint, TensorEntry } from './checkpoints/checkpoint.ts';
export { convertToSafetensors } from './checkpoints/convert.ts';
export type { Dtype } from './checkpoints/dtypes.ts';
export {
  CheckpointFormatError,
  CheckpointOpenError,
  MissingTensorError,
  RefusedPickleError,
  TensorShapeError,
  TensorTypeError,
} from './checkpoints/errors.ts';
export { type CheckpointLimits, defaultCheckpointLimits } from './checkpoints/limits.ts';
export { openCheckpoint } from './checkpoints/open.ts';
export { openSafetensors, parseSafetensors } from './checkpoints/safetensors.ts';
export {
  saveSafetensors,
  type TensorData,
  TensorDataError,
  writeSafetensors,
} from './checkpoints/safetensors-writer.ts';
export { openTorchCheckpoint, parseTorchCheckpoint } from './checkpoints/torch.ts';
export { clip } from './encoders/clip.ts';
export type { ImageTextEncoder } from './encoders/encoder.ts';
export { siglip } from './encoders/siglip.ts';
export { ModelError, type ModelErrorCode } from './errors.ts';
export { Int8CacheError } from './int8/errors.ts';
export { int8Source } from './int8/source.ts';
export { type Int8Matrix, type Int8Weight, Parameters, type TensorSource } from './parameters.ts';
export { HuggingFaceClipFile, OpenClipFile, parseClipConfig } from './store/configs/clip.ts';
export { parseSiglipConfig, SiglipFile } from './store/configs/siglip.ts';
export { parseTiTokConfig, TiTokFile, type TiTokOptions } from './store/configs/titok.ts';
export { deriveVqganConfig, parseVqganConfig, VqganFile } from './store/configs/vqgan.ts';
export { defaultCacheDirectory, defaultModelsDirectory } from './store/directory.ts';
export {
  DiskFullError,
  DownloadCutError,
  HashMismatchError,
  HubError,
  ModelAccessError,
  ModelConfigError,
  ModelNotPulledError,
  OfflineError,
  RemoteMissingError,
  StoreFolderError,
  UnknownArchitectureError,
  UnknownModelError,
} from './store/errors.ts';
export { defaultPullLimits, type PullLimits } from './store/limits.ts';
export { ModelPulls, type ModelPullsOptions } from './store/model-pulls.ts';
export { type ModelListing, ModelStore, type ModelStoreOptions } from './store/model-store.ts';
export type { ModelTask, ModelTaskKind, ModelTaskState } from './store/model-task.ts';
export type { PullOptions, PullProgress } from './store/pull.ts';
export { findModel, type ModelEntry, type ModelFile, type ModelKind, models } from './store/registry.ts';
export { type ResolvedModel, type ResolveOptions, resolveFolder, type TokenizerFiles } from './store/resolve.ts';
export { ModelBusyError, ModelEmbeddedError, ModelHereError, ModelIdleError } from './store/task-errors.ts';
export type { FileReport, VerifyOptions, VerifyReport } from './store/verify.ts';
export { clipTokenizer } from './text/clip-tokenizer.ts';
export { EmptyPromptError, PromptCharacterError, TokenizerFileError } from './text/errors.ts';
export { loadTextTokenizer, type TextModel } from './text/load.ts';
export type { EncodedText, EncodeOptions, TextTokenizer } from './text/text-tokenizer.ts';
export { pixels } from './tokenizers/pixels.ts';
export { titok } from './tokenizers/titok.ts';
export type { Quantised, Tokenizer } from './tokenizers/tokenizer.ts';
export { maskgitVqgan } from './tokenizers/vqgan.ts';
