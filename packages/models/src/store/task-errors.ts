// Why a download or a check of a model cannot begin or end now: one class per reason.
import { ModelError } from '../errors.ts';

/** Part of this repository: there is nothing to download. */
export class ModelEmbeddedError extends ModelError {
  readonly code = 'MODEL_EMBEDDED';
  readonly model: string;
  constructor(model: string) {
    super(`${model} comes with Tessera and is always there: there is nothing to download`);
    this.model = model;
  }
}

/** All its files are in the store. */
export class ModelHereError extends ModelError {
  readonly code = 'MODEL_HERE';
  readonly model: string;
  constructor(model: string) {
    super(`the files of ${model} are here already: verify them, or ask for a repair`);
    this.model = model;
  }
}

/** Something is under way with it. */
export class ModelBusyError extends ModelError {
  readonly code = 'MODEL_BUSY';
  readonly model: string;
  constructor(model: string, kind: 'download' | 'verify') {
    super(`${model} is being ${kind === 'download' ? 'downloaded' : 'verified'} already: wait for it, or cancel it`);
    this.model = model;
  }
}

/** Nothing is under way with it. */
export class ModelIdleError extends ModelError {
  readonly code = 'MODEL_IDLE';
  readonly model: string;
  constructor(model: string) {
    super(`nothing is under way with ${model}: there is nothing to cancel`);
    this.model = model;
  }
}
