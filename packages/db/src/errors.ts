// Every error this package throws on purpose: a stable code, facts, and one line for people. Never Prisma's own.
import type { ErrorCode } from '@tessera/protocol';

/** The base of all errors of this package. `code` is one of the protocol's stable codes. */
export class DatabaseError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message.replace(/\s*[\r\n]+\s*/g, ' '), options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** No such row, or it belongs to another workspace: both look the same from outside. */
export class NotFoundError extends DatabaseError {
  readonly what: string;
  readonly id: string;
  constructor(what: string, id: string) {
    super('NOT_FOUND', `There is no ${what} with the id ${id.slice(0, 64)} here.`);
    this.what = what;
    this.id = id;
  }
}

/** Another change came first, or a name that must be unique is taken. */
export class ConflictError extends DatabaseError {
  constructor(message: string, options?: ErrorOptions) {
    super('CONFLICT', message, options);
  }
}

/** The key was used before with another body, or for another kind of change. */
export class IdempotencyConflictError extends DatabaseError {
  readonly key: string;
  constructor(key: string) {
    super('IDEMPOTENCY_CONFLICT', `The idempotency key ${key} was used with another body; take a new key.`);
    this.key = key;
  }
}

/** A write under an old fencing number: another worker holds the run, or nobody. */
export class FencedError extends DatabaseError {
  readonly runId: string;
  readonly fence: number;
  constructor(runId: string, fence: number) {
    super('FENCED', `The lease ${fence} of run ${runId} is over; stop computing it.`);
    this.runId = runId;
    this.fence = fence;
  }
}

/** The run's status does not allow the change. */
export class RunStateError extends DatabaseError {
  readonly status: string;
  constructor(runId: string, status: string, wanted: string) {
    super('RUN_STATE', `Run ${runId} is ${status}; only a run that is ${wanted} can do this.`);
    this.status = status;
  }
}

/** Steps came with a hole before them. */
export class StepGapError extends DatabaseError {
  readonly expected: number;
  readonly got: number;
  constructor(runId: string, expected: number, got: number) {
    super(
      'CONFLICT',
      `Run ${runId} has steps up to ${expected - 1}; step ${got} leaves a gap, send ${expected} first.`,
    );
    this.expected = expected;
    this.got = got;
  }
}

/** A quota is used up. */
export class QuotaError extends DatabaseError {
  readonly limit: string;
  readonly max: number;
  constructor(limit: string, max: number, cure: string) {
    super('QUOTA', `At most ${max} ${limit}; ${cure}.`);
    this.limit = limit;
    this.max = max;
  }
}

/** A value that cannot be stored or asked for. */
export class InputError extends DatabaseError {
  readonly field: string;
  constructor(field: string, message: string) {
    super('BAD_INPUT', `${field} ${message}`);
    this.field = field;
  }
}

/** A link, upload or invitation that is used up, revoked or past its time. */
export class ExpiredError extends DatabaseError {
  constructor(what: string) {
    super('EXPIRED', `This ${what} is no longer valid; ask for a new one.`);
  }
}

/** The packed bytes of stored steps are damaged. */
export class StepFormatError extends DatabaseError {
  constructor(message: string) {
    super('INTERNAL', `Stored steps are damaged: ${message}`);
  }
}

/** Another process uses the data directory. */
export class DataDirectoryInUseError extends DatabaseError {
  readonly directory: string;
  constructor(directory: string) {
    super(
      'UNAVAILABLE',
      `Another process uses the data directory ${directory}; stop it, or name another directory, or set DATABASE_URL.`,
    );
    this.directory = directory;
  }
}

/** A migration cannot be applied. */
export class MigrationError extends DatabaseError {
  readonly migration: string;
  constructor(migration: string, message: string, options?: ErrorOptions) {
    super('INTERNAL', `Migration ${migration}: ${message}`, options);
    this.migration = migration;
  }
}

/** The database does not answer, or was closed. */
export class UnavailableError extends DatabaseError {
  constructor(message: string, options?: ErrorOptions) {
    super('UNAVAILABLE', message, options);
  }
}

/** A backup is no archive of a data directory, or its target is not empty. */
export class BackupError extends DatabaseError {
  constructor(message: string, options?: ErrorOptions) {
    super('BAD_INPUT', message, options);
  }
}

/** Anything else the database said; the words of its driver stay in `cause`, for the log. */
export class UnexpectedDatabaseError extends DatabaseError {
  constructor(options: ErrorOptions) {
    super('INTERNAL', 'The database refused a statement; the cause is in the log.', options);
  }
}

/** The form of database at hand cannot do this. */
export class UnsupportedError extends DatabaseError {
  constructor(message: string) {
    super('UNSUPPORTED', message);
  }
}
