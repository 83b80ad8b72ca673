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
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    // The system's own codes, such as ECONNREFUSED or EPIPE, come through as they are.
    if (error.code.startsWith('E')) return new UnavailableError('The database cannot be reached.', { cause: error });
    return KNOWN[error.code]?.(error) ?? new UnexpectedDatabaseError({ cause: error });
  }
  if (error instanceof Prisma.PrismaClientInitializationError) {
    return new UnavailableError('The database cannot be reached.', { cause: error });
  }
  return new UnexpectedDatabaseError({ cause: error });
}

/** Whether running the same transaction again may help: a deadlock or a lost race. */
export function isRetryable(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034';
}
