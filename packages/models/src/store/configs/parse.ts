// Runs a zod schema over a config file and turns its first complaint into one line.
import type { z } from 'zod';
import { ModelConfigError } from '../errors.ts';

/** @throws ModelConfigError naming the field */
export function parseConfig<S extends z.ZodType>(file: string, schema: S, json: unknown): z.output<S> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ModelConfigError(file, issue?.path.join('.') || 'config', issue?.message ?? 'is not of the expected form');
}
