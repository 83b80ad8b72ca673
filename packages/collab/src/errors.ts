// Every error this package throws on purpose: one line, what was wrong and what would be right.

export abstract class CollabError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\s*[\r\n]+\s*/g, ' '), options);
    this.name = new.target.name;
  }
}

/** The bytes are not a Yjs update, or not one that could have been made honestly. */
export class UpdateMalformedError extends CollabError {
  readonly code = 'DOC_UPDATE_MALFORMED';

  constructor(detail: string, cause?: unknown) {
    super(`This is not an update of a session document (${detail}); load the document again.`, { cause });
  }
}

/** A limit of `limits.ts` was passed; nothing was applied. */
export class DocumentLimitError extends CollabError {
  readonly code = 'DOC_LIMIT';
  readonly limit: string;
  readonly value: number;
  readonly max: number;

  constructor(limit: string, value: number, max: number, unit: string) {
    super(`The document would pass its limit "${limit}": ${value} ${unit}, at most ${max}; remove something first.`);
    this.limit = limit;
    this.value = value;
    this.max = max;
  }
}

/** With the update, the document would hold what its schema does not know; nothing was applied. `path` names the place. */
export class DocumentShapeError extends CollabError {
  readonly code = 'DOC_SHAPE';
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`The document would be wrong at ${path}: ${problem}.`);
    this.path = path;
  }
}

/** The update builds on others that the server does not have; nothing was applied. Synchronise, then push the difference. */
export class UpdatesMissingError extends CollabError {
  readonly code = 'DOC_UPDATES_MISSING';

  constructor() {
    super('The update builds on others that the server does not have; synchronise and push the difference.');
  }
}

/** The caller's role does not allow this kind of change. */
export class ForbiddenError extends CollabError {
  readonly code = 'FORBIDDEN';
  readonly action: string;

  constructor(action: string, documentId: string) {
    super(`Your role does not allow to ${action} in session ${documentId}; ask an owner.`);
    this.action = action;
  }
}

/** The store did not take the update: it is not in the document, and may be pushed again. */
export class StoreFailedError extends CollabError {
  readonly code = 'DOC_STORE_FAILED';

  constructor(cause: unknown) {
    super('The update could not be stored; it is safe to push it again.', { cause });
  }
}

/** A presence state that breaks its schema. */
export class PresenceInvalidError extends CollabError {
  readonly code = 'PRESENCE_INVALID';
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`Presence is wrong at ${path || 'its root'}: ${problem}.`);
    this.path = path;
  }
}

/** Too many presence changes of one client. */
export class PresenceRateError extends CollabError {
  readonly code = 'RATE_LIMITED';
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number) {
    super(`Too many presence changes; send the next one in ${retryAfterMs} ms.`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The document as it stands cannot be run. `path` names the field. */
export class PlanInputError extends CollabError {
  readonly code = 'DOC_NOT_RUNNABLE';
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}.`);
    this.path = path;
  }
}

/** Strokes that would take too long to draw, or a size that is none. */
export class MaskError extends CollabError {
  readonly code = 'MASK_INVALID';
}

/** The hub was closed before the call. */
export class HubClosedError extends CollabError {
  readonly code = 'DOC_CLOSED';

  constructor() {
    super('The document hub is closed.');
  }
}
