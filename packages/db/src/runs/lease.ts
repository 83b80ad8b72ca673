// Keeping, giving back and losing a lease.
import { LIMITS, type RunFailure } from '@tessera/protocol';
import type { Prisma } from '../../generated/client.ts';
import { type Database, type Statements, transaction } from '../database.ts';
import { FencedError } from '../errors.ts';
import { knownId } from '../ids.ts';
import { holdRun } from './fence.ts';
import { pendingSteering, type SteeringRequest } from './steer.ts';

export interface RenewedLease {
  readonly expiresAt: Date;
  /** What people asked for since; the same news may also have come over the live channel. */
  readonly cancelRequested: boolean;
  readonly pauseRequested: boolean;
  readonly steering: readonly SteeringRequest[];
}

/** @throws FencedError when the lease is over: the worker must stop this run */
export async function renewLease(
  database: Database,
  runId: string,
  fence: number,
  leaseSeconds: number = LIMITS.leaseSeconds.value,
): Promise<RenewedLease> {
  return transaction(database, async (sql) => {
    const [row] = await sql.$queryRaw<{ expires: Date; cancel: boolean; pause: boolean }[]>`
      UPDATE runs SET lease_expires_at = clock_timestamp() + make_interval(secs => ${leaseSeconds}::float8)
      WHERE id = ${knownId('run', runId)} AND fence = ${fence}::int AND status IN ('leased', 'running')
      RETURNING lease_expires_at AS expires, cancel_requested_at IS NOT NULL AS cancel,
        pause_requested_at IS NOT NULL AS pause`;
    if (!row) throw new FencedError(runId, fence);
    const steering = await pendingSteering(sql, runId);
    return { expiresAt: row.expires, cancelRequested: row.cancel, pauseRequested: row.pause, steering };
  });
}

/** Gives a run back unfinished, for instance when the worker shuts down: it queues again in its old place. @throws FencedError */
export async function releaseLease(database: Database, runId: string, fence: number, reason: string): Promise<void> {
  return transaction(database, async (sql) => {
    await holdRun(sql, runId, fence);
    // A hand-over is no failed attempt.
    await sql.$executeRaw`UPDATE runs SET attempts = GREATEST(attempts - 1, 0) WHERE id = ${runId}`;
    await interrupt(sql, runId, reason);
  });
}

export interface ExpiredLease {
  readonly runId: string;
  readonly workspaceId: string;
  readonly status: 'queued' | 'paused' | 'cancelled' | 'failed';
}

const WORKER_DIED: RunFailure = {
  code: 'WORKER_DIED',
  message: 'The run ended its worker again and again before a step was stored; lower its size or its crops.',
};

/** Takes runs from workers that no longer renew. Any process may call this, as often as it likes. */
export async function expireLeases(
  database: Database,
  maxAttempts: number = LIMITS.runAttempts.value,
): Promise<ExpiredLease[]> {
  return transaction(database, async (sql) => {
    const dead = await sql.$queryRaw<{ id: string; workspace_id: string; attempts: number; cancel: boolean }[]>`
      SELECT id, workspace_id, attempts, cancel_requested_at IS NOT NULL AS cancel FROM runs
      WHERE status IN ('leased', 'running') AND lease_expires_at < clock_timestamp()
      ORDER BY lease_expires_at LIMIT 100 FOR UPDATE SKIP LOCKED`;
    const expired: ExpiredLease[] = [];
    for (const { id, workspace_id, attempts, cancel } of dead) {
      const failed = attempts >= maxAttempts && !cancel;
      if (failed) await sql.run.update({ where: { id }, data: failure(WORKER_DIED), select: { id: true } });
      const status = failed ? 'failed' : await interrupt(sql, id, 'its worker stopped answering');
      expired.push({ runId: id, workspaceId: workspace_id, status });
    }
    return expired;
  });
}

export const failure = (error: RunFailure) => ({
  status: 'failed',
  error: { ...error } satisfies Prisma.InputJsonObject,
  finishedAt: new Date(),
  leaseOwner: null,
  leaseExpiresAt: null,
});

/** Ends a lease: a requested cancel or pause takes effect now, else the run waits for the next worker. */
async function interrupt(sql: Statements, runId: string, reason: string): Promise<'queued' | 'paused' | 'cancelled'> {
  const [row] = await sql.$queryRaw<{ status: 'queued' | 'paused' | 'cancelled' }[]>`
    UPDATE runs SET lease_owner = NULL, lease_expires_at = NULL, interruption = ${reason}, pause_requested_at = NULL,
      status = CASE WHEN cancel_requested_at IS NOT NULL THEN 'cancelled'
                    WHEN pause_requested_at IS NOT NULL THEN 'paused' ELSE 'queued' END,
      finished_at = CASE WHEN cancel_requested_at IS NOT NULL THEN clock_timestamp() END
    WHERE id = ${runId} RETURNING status`;
  const { status } = row!;
  if (status === 'queued') await enqueueAgain(sql, runId);
  return status;
}

/** With its time of creation it comes before what its user asked for later. */
export async function enqueueAgain(sql: Statements, runId: string): Promise<void> {
  await sql.$executeRaw`
    INSERT INTO queue_entries (run_id, workspace_id, user_id, priority, needs, enqueued_at)
    SELECT id, workspace_id, user_id, priority, needs, created_at FROM runs WHERE id = ${runId}`;
}
