// What a database is to the rest of the program, and the two ways to talk to it: plain statements and transactions.
import type { Prisma, PrismaClient } from '../generated/client.ts';
import { isRetryable, mapError } from './map-error.ts';

export interface Health {
  readonly ok: boolean;
  /** Round trip of `SELECT 1` in milliseconds. */
  readonly milliseconds: number;
}

export interface Database {
  readonly kind: 'embedded' | 'server';
  /** Prisma's client, for libraries that need it (accounts, GraphQL relations). Our own code calls the repositories. */
  readonly client: PrismaClient;
  /** Within a few seconds, whatever the database does. */
  health(): Promise<Health>;
  /** Writes the embedded database to one file (gzip). @throws UnsupportedError on PostgreSQL: use its own tools */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A connection inside a transaction, or the client itself. */
export type Statements = Prisma.TransactionClient;

/** Runs statements that need no transaction. Only our errors come out. */
export async function query<T>(database: Database, work: (sql: Statements) => Promise<T>): Promise<T> {
  try {
    return await work(database.client);
  } catch (error) {
    throw mapError(error);
  }
}

const ATTEMPTS = 4;

/**
 * Runs statements in one transaction (READ COMMITTED); all or nothing. `work` may run again after a deadlock, so it must
 * touch nothing but `sql`, and never `database`: the embedded form has one connection and would wait for itself.
 */
export async function transaction<T>(database: Database, work: (sql: Statements) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.client.$transaction(work);
    } catch (error) {
      if (attempt < ATTEMPTS && isRetryable(error)) continue;
      throw mapError(error);
    }
  }
}
