// What a worker needs to go on with a run, and what a fork begins with.
import { type Database, query } from '../database.ts';
import { NotFoundError } from '../errors.ts';
import { knownId } from '../ids.ts';

export interface StoredCheckpoint {
  /** The next step to compute. */
  readonly step: number;
  readonly data: Uint8Array;
}

/** The newest checkpoint of a run, or undefined where it begins at step 0. */
export async function loadCheckpoint(database: Database, runId: string): Promise<StoredCheckpoint | undefined> {
  const where = { runId: knownId('run', runId) };
  const row = await query(database, (sql) => sql.checkpoint.findUnique({ where, select: { step: true, data: true } }));
  return row ?? undefined;
}

/** The same, for people who download it. @throws NotFoundError */
export async function getCheckpoint(database: Database, workspaceId: string, runId: string): Promise<StoredCheckpoint> {
  const where = { runId: knownId('run', runId), workspaceId };
  const row = await query(database, (sql) => sql.checkpoint.findFirst({ where, select: { step: true, data: true } }));
  if (!row) throw new NotFoundError('checkpoint of run', runId);
  return row;
}
