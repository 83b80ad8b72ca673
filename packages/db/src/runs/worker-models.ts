// The models that workers told of last, kept for a server that starts while no worker is there.
import type { Prisma } from '../../generated/client.ts';
import { type Database, query } from '../database.ts';

const ONE_ROW = { id: 1 };

/** What was put last, as it was put; undefined before. The caller checks its shape: an older version may have written it. */
export async function getWorkerModels(database: Database): Promise<unknown> {
  const row = await query(database, (sql) => sql.workerModels.findUnique({ where: ONE_ROW }));
  return row?.models;
}

/** @param models JSON */
export async function putWorkerModels(database: Database, models: readonly object[]): Promise<void> {
  const told = { models: models as Prisma.InputJsonArray, toldAt: new Date() };
  await query(database, (sql) =>
    sql.workerModels.upsert({ where: ONE_ROW, create: { ...ONE_ROW, ...told }, update: told }),
  );
}
