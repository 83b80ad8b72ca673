// What can go wrong between a model's name and its files on disk: one class per kind, one line per message.
import { quote } from '../checkpoints/errors.ts';
import { ModelError } from '../errors.ts';

/** Neither a known id nor a folder. */
export class UnknownModelError extends ModelError {
  readonly code = 'MODEL_UNKNOWN';
  readonly model: string;
  constructor(model: string, nearest: readonly string[]) {
    super(
      `${quote(model)} is neither a known model nor a folder: the nearest models are ${nearest.join(', ')} (tessera models list)`,
    );
    this.model = model;
  }
}

/** The model is known, its files are not here. */
export class ModelNotPulledError extends ModelError {
  readonly code = 'MODEL_NOT_PULLED';
  readonly model: string;
  constructor(model: string, missing: string) {
    super(`${model} is not in the store (${missing} is missing): run \`tessera models pull ${model}\``);
    this.model = model;
  }
}

/** The hub cannot be reached. */
export class OfflineError extends ModelError {
  readonly code = 'HUB_OFFLINE';
  readonly host: string;
  /** The system's code, such as ENOENT. */
  readonly reason: string;
  constructor(host: string, reason: string, cause: unknown) {
    super(
      `${host} cannot be reached (${reason}): check the network and run it again, what was downloaded is kept; or copy the files by hand and give their folder`,
      { cause },
    );
    this.host = host;
    this.reason = reason;
  }
}

/** The hub answers with an error that is not about this model. */
export class HubError extends ModelError {
  readonly code = 'HUB_FAILED';
  readonly status: number;
  constructor(what: string, status: number) {
    super(`the hub answers ${status} for ${what}: try again later, what was downloaded is kept`);
    this.status = status;
  }
}

/** The repository is gated, private, or gone (the hub answers 401 for both to strangers). */
export class ModelAccessError extends ModelError {
  readonly code = 'HUB_ACCESS';
  readonly status: number;
  constructor(what: string, status: number) {
    super(
      `the hub refuses ${what} (${status}): it is gated, private or gone; accept its licence on its page and set HF_TOKEN to an access token`,
    );
    this.status = status;
  }
}

/** The repository has no such revision or file. */
export class RemoteMissingError extends ModelError {
  readonly code = 'HUB_MISSING';
  readonly missing: string;
  constructor(what: string) {
    super(`the hub has no ${what} (404): the publisher moved it; get the files elsewhere and give their folder`);
    this.missing = what;
  }
}

/** The bytes are not the ones that were promised. They were deleted. */
export class HashMismatchError extends ModelError {
  readonly code = 'HASH_MISMATCH';
  readonly file: string;
  readonly expected: string;
  readonly found: string;
  constructor(file: string, expected: string, found: string, against: string) {
    super(
      `${file}: its hash ${found.slice(0, 16)}… is not ${expected.slice(0, 16)}… (${against}): nothing was kept, pull it again and distrust the source if this repeats`,
    );
    this.file = file;
    this.expected = expected;
    this.found = found;
  }
}

/** The download kept breaking. */
export class DownloadCutError extends ModelError {
  readonly code = 'DOWNLOAD_CUT';
  readonly file: string;
  readonly received: number;
  constructor(file: string, received: number, total: number, attempts: number, cause: unknown) {
    super(
      `${file}: the connection broke ${attempts} times, ${received} of ${total} bytes are kept: run it again to continue`,
      { cause },
    );
    this.file = file;
    this.received = received;
  }
}

/** No room for the model. */
export class DiskFullError extends ModelError {
  readonly code = 'DISK_FULL';
  readonly folder: string;
  readonly neededBytes: number;
  constructor(folder: string, neededBytes: number) {
    super(
      `${folder}: the disk is full, ${Math.ceil(neededBytes / 1e6)} MB more are needed: free some or set TESSERA_MODELS to a folder on another disk`,
    );
    this.folder = folder;
    this.neededBytes = neededBytes;
  }
}

/** The store's folder cannot be written. */
export class StoreFolderError extends ModelError {
  readonly code = 'STORE_FOLDER';
  readonly folder: string;
  /** The system's code, such as ENOENT. */
  readonly reason: string;
  constructor(folder: string, reason: string) {
    super(`${folder}: cannot be written (${reason}): set TESSERA_MODELS to a folder that can`);
    this.folder = folder;
    this.reason = reason;
  }
}

/** The folder holds no model we can run. */
export class UnknownArchitectureError extends ModelError {
  readonly code = 'MODEL_ARCHITECTURE';
  readonly folder: string;
  readonly found: string;
  constructor(folder: string, found: string) {
    super(
      `${folder}: ${found}: TiTok, MaskGIT-VQGAN, CLIP (open_clip parameter names) and SigLIP (Hugging Face names) are supported`,
    );
    this.folder = folder;
    this.found = found;
  }
}

/** A config file lacks something or contradicts itself or its weights. */
export class ModelConfigError extends ModelError {
  readonly code = 'MODEL_CONFIG';
  readonly file: string;
  readonly field: string;
  constructor(file: string, field: string, fault: string) {
    super(`${file}: ${field}: ${fault}`);
    this.file = file;
    this.field = field;
  }
}
