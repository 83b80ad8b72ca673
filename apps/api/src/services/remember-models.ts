// Compute whose list of models outlives its workers and this process: what was told last is kept in the database.
import { type Database, getWorkerModels, putWorkerModels } from '@tessera/db';
import { type Compute, ComputeError, type ModelSummary } from '@tessera/wire';
import * as z from 'zod';
import type { Logger } from '../log.ts';

const count = z.int().min(0);

const kept: z.ZodType<readonly ModelSummary[]> = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['tokenizer', 'encoder']),
    family: z.string(),
    licence: z.string(),
    bytes: count,
    embedded: z.boolean(),
    installed: z.boolean(),
    imageSize: count,
    positions: count.exactOptional(),
    codebookSize: count.exactOptional(),
    channels: count.exactOptional(),
    sha256: z.string().exactOptional(),
  }),
);

export function rememberModels(compute: Compute, database: Database, log: Logger): Compute {
  let written = '';
  const put = async (models: readonly ModelSummary[]) => {
    const text = JSON.stringify(models);
    if (text === written) return;
    written = text;
    await putWorkerModels(database, models).catch((error: unknown) => {
      written = '';
      log.warn({ err: error }, 'the list of models could not be kept');
    });
  };
  return {
    ...compute,
    /** Without a worker the list as it was last. @throws ComputeError as `compute` does, where none was ever told */
    async models() {
      try {
        const models = await compute.models();
        await put(models);
        return models;
      } catch (error) {
        if (!(error instanceof ComputeError && error.code === 'UNAVAILABLE')) throw error;
        const last = kept.safeParse(await getWorkerModels(database).catch(() => undefined));
        if (!last.success) throw error;
        return last.data;
      }
    },
  };
}
