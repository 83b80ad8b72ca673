// The base of every error this package throws on purpose.

/** Stable names: programs switch on them, people read the message. */
export type ModelErrorCode =
  | 'CHECKPOINT_UNREADABLE'
  | 'CHECKPOINT_FORMAT'
  | 'PICKLE_REFUSED'
  | 'TENSOR_MISSING'
  | 'TENSOR_SHAPE'
  | 'TENSOR_TYPE'
  | 'TENSOR_DATA'
  | 'MODEL_UNKNOWN'
  | 'MODEL_NOT_PULLED'
  | 'MODEL_EMBEDDED'
  | 'MODEL_HERE'
  | 'MODEL_BUSY'
  | 'MODEL_IDLE'
  | 'MODEL_ARCHITECTURE'
  | 'MODEL_CONFIG'
  | 'HUB_OFFLINE'
  | 'HUB_FAILED'
  | 'HUB_ACCESS'
  | 'HUB_MISSING'
  | 'HASH_MISMATCH'
  | 'DOWNLOAD_CUT'
  | 'DISK_FULL'
  | 'STORE_FOLDER'
  | 'INT8_CACHE'
  | 'PROMPT_EMPTY'
  | 'PROMPT_CHARACTER'
  | 'TEXT_TOKENIZER';

/** The message is one line: what is wrong, and what would be right. */
export abstract class ModelError extends Error {
  abstract readonly code: ModelErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
