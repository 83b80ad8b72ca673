// Every error this package throws on purpose, and the one table that turns the errors of the parts into codes for clients.
import type { ErrorCode } from '@tessera/protocol';

/** What clients see of an error. `FENCED` is between workers and never among them. */
export interface Problem {
  readonly code: Exclude<ErrorCode, 'FENCED'>;
  readonly message: string;
  /** Dotted path of the input field, where one is to blame. */
  readonly field?: string;
}

/** The base of all errors of this package. */
export class SchemaError extends Error {
  readonly code: Problem['code'];
  readonly field: string | undefined;

  constructor(code: Problem['code'], message: string, field?: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.field = field;
  }
}

/** A value of the input cannot be used. `field` is its dotted path. */
export class BadInputError extends SchemaError {
  constructor(field: string, problem: string) {
    super('BAD_INPUT', `${field} ${problem}`, field);
  }
}

/** No such thing, or nothing that the viewer may know of: both look the same from outside. */
export class NotFoundError extends SchemaError {
  constructor(what: string, field?: string) {
    super('NOT_FOUND', `There is no such ${what}, or it is not open to you.`, field);
  }
}

/** The viewer is inside, but the role does not include this. */
export class ForbiddenError extends SchemaError {
  constructor(right: string, needed: string) {
    super('FORBIDDEN', `This needs the right to ${right}, which begins with the role of ${needed}; ask an owner.`);
  }
}

export class UnauthenticatedError extends SchemaError {
  constructor() {
    super('UNAUTHENTICATED', 'Nobody is signed in; sign in, or open a share link.');
  }
}

/** Codes of the parts, as far as they differ from ours. */
const CODES: Readonly<Record<string, Problem['code']>> = {
  FENCED: 'CONFLICT',
  DOC_UPDATE_MALFORMED: 'BAD_INPUT',
  DOC_LIMIT: 'TOO_LARGE',
  DOC_SHAPE: 'BAD_INPUT',
  DOC_UPDATES_MISSING: 'CONFLICT',
  DOC_STORE_FAILED: 'UNAVAILABLE',
  DOC_CLOSED: 'UNAVAILABLE',
  DOC_NOT_RUNNABLE: 'BAD_INPUT',
  PRESENCE_INVALID: 'BAD_INPUT',
  MASK_INVALID: 'BAD_INPUT',
  PLAN_INVALID: 'BAD_INPUT',
  'unsupported-format': 'UNSUPPORTED',
  'over-limit': 'TOO_LARGE',
  'corrupt-image': 'BAD_INPUT',
  'decode-timeout': 'UNAVAILABLE',
  'mask-size': 'BAD_INPUT',
  'bad-option': 'BAD_INPUT',
  'bad-array': 'BAD_INPUT',
  'encoder-missing': 'UNSUPPORTED',
  MODEL_UNKNOWN: 'NOT_FOUND',
  MODEL_NOT_PULLED: 'CONFLICT',
  MODEL_EMBEDDED: 'CONFLICT',
  MODEL_HERE: 'CONFLICT',
  MODEL_BUSY: 'CONFLICT',
  MODEL_IDLE: 'CONFLICT',
  BUS_UNAVAILABLE: 'UNAVAILABLE',
  BUS_CLOSED: 'UNAVAILABLE',
  BUS_NAME: 'BAD_INPUT',
};

const OWN: readonly string[] = [
  'BAD_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'IDEMPOTENCY_CONFLICT',
  'RUN_STATE',
  'QUOTA',
  'RATE_LIMITED',
  'TOO_LARGE',
  'QUERY_TOO_COSTLY',
  'EXPIRED',
  'UNSUPPORTED',
  'UNAVAILABLE',
] satisfies Exclude<Problem['code'], 'INTERNAL'>[];

const isOwn = (code: string): code is Problem['code'] => OWN.includes(code);

interface Facts {
  readonly code?: unknown;
  readonly field?: unknown;
  readonly path?: unknown;
  readonly issues?: unknown;
}

/** What a client may be told of an error; undefined for what it did not cause. */
export function problemOf(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, field, path, issues } = error as Error & Facts;
  if (error.name === 'ZodError' && Array.isArray(issues)) return zodProblem(issues);
  if (typeof code !== 'string') return undefined;
  const known = isOwn(code) ? code : CODES[code];
  if (known === undefined) return undefined;
  const at = typeof field === 'string' ? field : typeof path === 'string' ? path : undefined;
  return { code: known, message: error.message, ...(at && { field: at }) };
}

function zodProblem(issues: readonly { readonly path?: readonly PropertyKey[]; readonly message?: string }[]): Problem {
  const [issue] = issues;
  const field = issue?.path?.map(String).join('.') ?? '';
  const message = issue?.message ?? 'is not what it should be';
  return { code: 'BAD_INPUT', message: field ? `${field}: ${message}` : message, ...(field && { field }) };
}
