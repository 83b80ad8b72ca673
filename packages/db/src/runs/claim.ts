// Gives a worker the next run: fair between users, within quotas, to exactly one worker, under a new fence.
import { type Lease, LIMITS } from '@tessera/protocol';
import { type Database, type Statements, transaction } from '../database.ts';
import { type Run, readAnyRun } from './run.ts';

export interface ClaimRequest {
  /** Id of the worker process or lane. */
  readonly worker: string;
  /** What it offers; a run's needs must all be among it. */
  readonly capabilities: readonly string[];
  readonly leaseSeconds?: number;
  readonly runningRunsPerUser?: number;
  readonly runningRunsPerWorkspace?: number;
  /** Only runs of this tokenizer: to fill a lane of a device that has its graph loaded. */
  readonly tokenizer?: string;
}

export interface Claim {
  readonly run: Run;
  readonly lease: Lease;
  readonly leaseExpiresAt: Date;
}

/**
 * The order: runs of raised priority first, then the user who was served least recently, then that user's own priorities
 * and arrival. Undefined when nothing is queued that this worker may take. Time is the database's own, so that workers'
 * clocks do not matter.
 */
export async function claimNext(database: Database, request: ClaimRequest): Promise<Claim | undefined> {
  const { worker, leaseSeconds = LIMITS.leaseSeconds.value } = request;
  return transaction(database, async (sql) => {
    // One claim at a time: quotas and turns are counted exactly. Rows locked by a cancel are skipped, not waited for.
    await sql.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('claim'))`;
    const runId = await nextInLine(sql, request);
    if (runId === undefined) return undefined;
    const [lease] = await sql.$queryRaw<{ fence: number; user_id: string; lease_expires_at: Date }[]>`
      UPDATE runs SET status = 'leased', fence = fence + 1, attempts = attempts + 1, lease_owner = ${worker},
        lease_expires_at = clock_timestamp() + make_interval(secs => ${leaseSeconds}::float8),
        started_at = COALESCE(started_at, clock_timestamp())
      WHERE id = ${runId} RETURNING fence, user_id, lease_expires_at`;
    const { fence, user_id, lease_expires_at } = lease!;
    await sql.$executeRaw`DELETE FROM queue_entries WHERE run_id = ${runId}`;
    await sql.$executeRaw`
      INSERT INTO queue_turns (user_id, last_served_at, served) VALUES (${user_id}, clock_timestamp(), 1)
      ON CONFLICT (user_id) DO UPDATE SET last_served_at = clock_timestamp(), served = queue_turns.served + 1`;
    return { run: await readAnyRun(sql, runId), lease: { worker, fence }, leaseExpiresAt: lease_expires_at };
  });
}

async function nextInLine(sql: Statements, request: ClaimRequest): Promise<string | undefined> {
  const {
    capabilities,
    runningRunsPerUser = LIMITS.runningRunsPerUser.value,
    runningRunsPerWorkspace = LIMITS.runningRunsPerWorkspace.value,
    tokenizer = null,
  } = request;
  const rows = await sql.$queryRaw<{ run_id: string }[]>`
    WITH busy AS (SELECT user_id, workspace_id FROM runs WHERE status IN ('leased', 'running')),
    per_user AS (SELECT user_id, count(*) AS n FROM busy GROUP BY user_id),
    per_workspace AS (SELECT workspace_id, count(*) AS n FROM busy GROUP BY workspace_id)
    SELECT q.run_id FROM queue_entries q
    LEFT JOIN queue_turns t ON t.user_id = q.user_id
    LEFT JOIN per_user u ON u.user_id = q.user_id
    LEFT JOIN per_workspace w ON w.workspace_id = q.workspace_id
    WHERE q.needs <@ ${[...capabilities]}::text[]
      AND COALESCE(u.n, 0) < ${runningRunsPerUser}
      AND COALESCE(w.n, 0) < ${runningRunsPerWorkspace}
      AND (${tokenizer}::text IS NULL OR EXISTS (
        SELECT 1 FROM runs r WHERE r.id = q.run_id AND r.tokenizer = ${tokenizer}))
    ORDER BY GREATEST(q.priority, 0) DESC, t.last_served_at ASC NULLS FIRST, q.priority DESC, q.enqueued_at, q.run_id
    LIMIT 1 FOR UPDATE OF q SKIP LOCKED`;
  return rows[0]?.run_id;
}
