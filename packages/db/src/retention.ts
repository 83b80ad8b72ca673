// What may go in time: old steps, checkpoints of finished runs, and everything that has expired. Run by a command.
import { type Limits, limitsWith } from '@tessera/protocol';
import { type Database, query, transaction } from './database.ts';
import { RunStateError } from './errors.ts';
import { readBatches } from './history/batches.ts';
import { readAnyRun, readRun } from './runs/run.ts';
import { packSteps } from './steps/pack.ts';

export interface RetentionReport {
  /** Runs whose steps were dropped but for the last one. */
  readonly runsThinned: number;
  readonly checkpoints: number;
  readonly uploads: number;
  readonly invitations: number;
  readonly idempotencyKeys: number;
  readonly auditEntries: number;
  /** Files that nothing refers to any more. */
  readonly blobs: number;
}

/** Deletes what is past its time. Pinned runs, and runs that comments point at, keep their steps. */
export async function applyRetention(
  database: Database,
  own: Partial<Limits> = {},
  now: Date = new Date(),
): Promise<RetentionReport> {
  const limits = limitsWith(own);
  const before = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const runsThinned = await thinOldRuns(database, before(limits.stepsDays));
  return query(database, async (sql) => ({
    runsThinned,
    checkpoints: await sql.$executeRaw`
      DELETE FROM checkpoints c USING runs r
      WHERE r.id = c.run_id AND r.finished_at < ${before(limits.checkpointDays)}::timestamptz`,
    uploads: (await sql.upload.deleteMany({ where: { expiresAt: { lt: before(1) } } })).count,
    invitations: (await sql.invitation.deleteMany({ where: { expiresAt: { lt: before(30) } } })).count,
    idempotencyKeys: (
      await sql.idempotencyKey.deleteMany({ where: { createdAt: { lt: before(limits.idempotencyHours / 24) } } })
    ).count,
    auditEntries: (await sql.auditEntry.deleteMany({ where: { createdAt: { lt: before(limits.auditDays) } } })).count,
    // A day of grace: a file comes before the seed that is made of it.
    blobs: (
      await sql.blob.deleteMany({
        where: { createdAt: { lt: before(1) }, seeds: { none: {} }, masks: { none: {} }, uploads: { none: {} } },
      })
    ).count,
  }));
}

async function thinOldRuns(database: Database, before: Date): Promise<number> {
  const runs = await query(
    database,
    (sql) => sql.$queryRaw<{ id: string }[]>`
      SELECT id FROM runs r WHERE finished_at < ${before}::timestamptz AND NOT pinned AND next_step - first_step > 1
        AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.run_id = r.id)`,
  );
  for (const { id } of runs) await dropSteps(database, id);
  return runs.length;
}

/** Keeps the last step only: the picture stays, its history goes. Statistics stay as they were. */
async function dropSteps(database: Database, runId: string): Promise<void> {
  const run = await query(database, (sql) => readAnyRun(sql, runId));
  const kept = run.nextStep - 1;
  for await (const step of readBatches(database, runId, kept, kept)) {
    await transaction(database, async (sql) => {
      await sql.stepBatch.deleteMany({ where: { runId } });
      const { workspaceId } = run;
      await sql.stepBatch.create({
        data: { runId, firstStep: kept, count: 1, workspaceId, fence: 0, data: packSteps([step]) },
        select: { count: true },
      });
      await sql.run.update({ where: { id: runId }, data: { firstStep: kept }, select: { id: true } });
    });
  }
}

/** A run and everything of it; forks lose their parent. @throws NotFoundError, RunStateError while it is computed */
export async function deleteRun(database: Database, workspaceId: string, runId: string): Promise<void> {
  await transaction(database, async (sql) => {
    const { status } = await readRun(sql, workspaceId, runId);
    const { count } = await sql.run.deleteMany({
      where: { id: runId, workspaceId, status: { notIn: ['leased', 'running'] } },
    });
    if (count === 0) throw new RunStateError(runId, status, 'not being computed');
  });
}
