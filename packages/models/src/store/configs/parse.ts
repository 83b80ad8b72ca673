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

/** @throws ModelConfigError unless the patches fill the image: `field` is the tower that says so, sizes in pixels */
export function checkPatches(file: string, field: string, imageSize: number, patchSize: number): void {
  if (imageSize % patchSize === 0) return;
  throw new ModelConfigError(
    file,
    `${field}.patch_size`,
    `${patchSize} does not divide the image size ${imageSize}, check that this is the config of these weights`,
  );
}

/** @throws ModelConfigError unless `part` (heads, or channels of a head) divides the width of its tower */
export function checkHeads(file: string, field: string, part: number, width: number): void {
  if (width % part !== 0) throw new ModelConfigError(file, field, `${part} does not divide the width ${width}`);
}
