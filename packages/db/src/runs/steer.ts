// Live changes of a run: asked for by people, taken by its worker at the next step, kept with who and when.
import { LIMITS } from '@tessera/protocol';
import type { Prisma } from '../../generated/client.ts';
import { type Database, query, type Statements, transaction } from '../database.ts';
import { QuotaError, RunStateError } from '../errors.ts';
import { knownId } from '../ids.ts';
import { readRun } from './run.ts';

export interface SteeringRequest {
  /** Counts from 1 within the run. */
  readonly seq: number;
  readonly userId: string;
  /** Plain JSON, checked by the engine's rules before it came here. */
  readonly change: object;
  /** The step at which it took effect; null while it waits, or if the run ended first. */
  readonly appliedStep: number | null;
  readonly createdAt: Date;
}

/** @throws NotFoundError, RunStateError when the run has ended, QuotaError */
export async function requestSteer(
  database: Database,
  input: { readonly workspaceId: string; readonly runId: string; readonly userId: string; readonly change: object },
): Promise<SteeringRequest> {
  const { workspaceId, runId, userId, change } = input;
  return transaction(database, async (sql) => {
    const [row] = await sql.$queryRaw<{ seq: number }[]>`
      UPDATE runs SET last_steer_seq = last_steer_seq + 1
      WHERE id = ${knownId('run', runId)} AND workspace_id = ${workspaceId}
        AND status IN ('queued', 'leased', 'running', 'paused')
      RETURNING last_steer_seq AS seq`;
    if (!row) throw new RunStateError(runId, (await readRun(sql, workspaceId, runId)).status, 'not over');
    const max = LIMITS.steeringPerRun.value;
    if (row.seq > max) throw new QuotaError('live changes per run', max, 'fork the run to go on');
    return sql.steeringEvent.create({
      data: { runId, seq: row.seq, workspaceId, userId, change: change as Prisma.InputJsonObject },
    });
  }).then(requestOf);
}

/** Every live change asked of a run, in order. */
export async function listSteering(database: Database, workspaceId: string, runId: string): Promise<SteeringRequest[]> {
  const where = { runId: knownId('run', runId), workspaceId };
  const rows = await query(database, (sql) => sql.steeringEvent.findMany({ where, orderBy: { seq: 'asc' } }));
  return rows.map(requestOf);
}

export async function pendingSteering(sql: Statements, runId: string): Promise<SteeringRequest[]> {
  const where = { runId, appliedStep: null };
  return (await sql.steeringEvent.findMany({ where, orderBy: { seq: 'asc' } })).map(requestOf);
}

type Row = Omit<SteeringRequest, 'change'> & { readonly change: unknown };

const requestOf = ({ seq, userId, change, appliedStep, createdAt }: Row): SteeringRequest => ({
  seq,
  userId,
  change: change as object,
  appliedStep,
  createdAt,
});
