// Turns whatever Prisma throws into our errors, by its code alone: everything else of it differs between drivers.
import { Prisma } from '../generated/client.ts';
import {
  ConflictError,
  DatabaseError,
  InputError,
  NotFoundError,
  UnavailableError,
  UnexpectedDatabaseError,
} from './errors.ts';

/** Codes of Prisma's known errors that mean something to a caller. */
const KNOWN: Readonly<Record<string, (cause: unknown) => DatabaseError>> = {
  P2002: (cause) => new ConflictError('There is already one with this name or key.', { cause }),
  P2003: (cause) => new ConflictError('It refers to something that is not there, or is still referred to.', { cause }),
  P2025: () => new NotFoundError('row', 'given'),
  P2000: () => new InputError('A text', 'is longer than its column'),
  P2020: () => new InputError('A number', 'is out of range'),
  P2034: (cause) => new ConflictError('Another change came first; try again.', { cause }),
  P2028: (cause) => new UnavailableError('The database was too busy; try again.', { cause }),
  P2024: (cause) => new UnavailableError('The database was too busy; try again.', { cause }),
  P1001: (cause) => new UnavailableError('The database cannot be reached.', { cause }),
  P1002: (cause) => new UnavailableError('The database did not answer in time.', { cause }),
  P1008: (cause) => new UnavailableError('The database did not answer in time.', { cause }),
  P1017: (cause) => new UnavailableError('The database closed the connection.', { cause }),
};

/** Our error for anything thrown; our own ones pass through. */
export function mapError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  if (isAway(error)) return new UnavailableError('The database cannot be reached.', { cause: error });
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    return KNOWN[error.code]?.(error) ?? new UnexpectedDatabaseError({ cause: error });
  }
  if (error instanceof Prisma.PrismaClientInitializationError) {
    return new UnavailableError('The database cannot be reached.', { cause: error });
  }
  return new UnexpectedDatabaseError({ cause: error });
}

/** SQLSTATE of a server that shuts down, starts up, lost its connection or has none left. */
const AWAY_STATE = /^(57P0[1-3]|08...|53300)$/;
const AWAY_KINDS: readonly unknown[] = [
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
];

/** What pg and its pool say, without a code, of an address that takes connections and never answers. */
const AWAY_WORDS = ['timeout exceeded when trying to connect', 'Connection terminated due to connection timeout'];

/** Plain statements and beginning a transaction tell it otherwise than Prisma's own queries do. */
function isAway(error: unknown): boolean {
  if (error instanceof Error && AWAY_WORDS.includes(error.message)) return true;
  // The system's own codes, such as ECONNREFUSED or EPIPE, come through as they are.
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return error instanceof Error && 'syscall' in error;
  if (error.code.startsWith('E')) return true;
  const { kind, originalCode } = driverCauseOf(error);
  return AWAY_KINDS.includes(kind) || (typeof originalCode === 'string' && AWAY_STATE.test(originalCode));
}

function driverCauseOf({ meta }: Prisma.PrismaClientKnownRequestError): {
  readonly kind?: unknown;
  readonly originalCode?: unknown;
} {
  const told = meta?.driverAdapterError;
  const cause = typeof told === 'object' && told !== null && 'cause' in told ? told.cause : undefined;
  return typeof cause === 'object' && cause !== null ? cause : {};
}

/** Whether running the same transaction again may help: a deadlock or a lost race. */
export function isRetryable(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034';
}
