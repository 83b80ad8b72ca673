// Whether the files of a model are in its folder.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelEntry } from './registry.ts';

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** First file of a model that is not in its folder. */
export async function firstMissing(folder: string, entry: ModelEntry): Promise<string | undefined> {
  for (const { path, optional } of entry.files) if (!optional && !(await exists(join(folder, path)))) return path;
  return undefined;
}
