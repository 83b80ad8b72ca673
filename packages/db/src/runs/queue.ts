// Where queued runs stand: the order in which claims would take them if every user's turn came in its round.
import type { QueuePosition } from '@tessera/protocol';
import { type Database, query } from '../database.ts';

/** Positions of one workspace's queued runs, the next one first. Runs of others are counted, never named. */
export async function queuePositions(database: Database, workspaceId: string): Promise<QueuePosition[]> {
  const rows = await query(
    database,
    (sql) => sql.$queryRaw<{ run_id: string; ahead: bigint; queued: bigint }[]>`
      WITH rounds AS (
        SELECT q.*, GREATEST(q.priority, 0) AS raised, ROW_NUMBER() OVER (
          PARTITION BY q.user_id, GREATEST(q.priority, 0) ORDER BY q.priority DESC, q.enqueued_at, q.run_id) AS round
        FROM queue_entries q),
      line AS (
        SELECT r.run_id, r.workspace_id, ROW_NUMBER() OVER (
          ORDER BY r.raised DESC, r.round, t.last_served_at ASC NULLS FIRST, r.priority DESC, r.enqueued_at, r.run_id
        ) - 1 AS ahead, count(*) OVER () AS queued
        FROM rounds r LEFT JOIN queue_turns t ON t.user_id = r.user_id)
      SELECT run_id, ahead, queued FROM line WHERE workspace_id = ${workspaceId} ORDER BY ahead`,
  );
  return rows.map(({ run_id, ahead, queued }) => ({ runId: run_id, ahead: Number(ahead), queued: Number(queued) }));
}

export interface QueueLoad {
  readonly queued: number;
  readonly running: number;
  /** Seconds that the oldest queued run waits; 0 where none does. */
  readonly oldestSeconds: number;
}

/** For metrics, over all workspaces. */
export async function queueLoad(database: Database): Promise<QueueLoad> {
  const [row] = await query(
    database,
    (sql) => sql.$queryRaw<{ queued: number; running: number; oldest: number }[]>`
      SELECT (SELECT count(*)::int FROM queue_entries) AS queued,
        (SELECT count(*)::int FROM runs WHERE status IN ('leased', 'running')) AS running,
        COALESCE((SELECT EXTRACT(EPOCH FROM clock_timestamp() - min(enqueued_at))::float8 FROM queue_entries), 0) AS oldest`,
  );
  const { queued, running, oldest } = row!;
  return { queued, running, oldestSeconds: Math.max(0, oldest) };
}
