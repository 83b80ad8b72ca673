// JSON files of the export, checked against a schema.
import { readFile } from 'node:fs/promises';
import type * as z from 'zod';
import { BenchmarkFileError } from './errors.ts';

/** @throws BenchmarkFileError naming the first field that is wrong */
export async function readJson<S extends z.ZodType>(file: string, schema: S): Promise<z.output<S>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new BenchmarkFileError(file, error instanceof SyntaxError ? 'is no JSON' : 'cannot be read');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new BenchmarkFileError(file, path.length ? `${path.join('.')}: ${message}` : message);
}
