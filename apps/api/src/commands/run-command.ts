// What every command does around its work: settings, an open database, one line of answer, an exit code.
import { isAbsolute, resolve } from 'node:path';
import { type Database, openDatabase } from '@tessera/db';
import { readConfig, type ServerConfig } from '../config/config.ts';

/** Prints what the command answers; an error is one line and exit code 1. */
export async function runCommand(
  work: (args: readonly string[], config: ServerConfig) => Promise<string>,
): Promise<void> {
  try {
    process.stdout.write(`${await work(process.argv.slice(2), readConfig(process.env))}\n`);
  } catch (error) {
    process.stderr.write(`tessera: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

export async function withDatabase<T>(
  { databaseUrl, dataDirectory }: ServerConfig,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  await using database = await openDatabase(databaseUrl ? { url: databaseUrl } : { dataDirectory });
  return await work(database);
}

/** npm runs commands in the package's folder; a person means the folder where they typed. */
export const fromWhereTyped = (path: string): string =>
  isAbsolute(path) ? path : resolve(process.env.INIT_CWD ?? process.cwd(), path);

/** The one file that a command takes. @throws Error with the usage */
export function fileArgument(args: readonly string[], usage: string): string {
  const [file, ...rest] = args;
  if (file === undefined || rest.length > 0) throw new Error(`Usage: ${usage}`);
  return fromWhereTyped(file);
}
