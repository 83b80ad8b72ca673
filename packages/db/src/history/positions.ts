// What happened at each position of a run: changes, first and last change, entropy.
import { isEnding } from '@tessera/protocol';
import { type Database, query } from '../database.ts';
import { getRun } from '../runs/run.ts';
import type { PositionStatistics } from '../steps/statistics.ts';
import { computeStatistics } from './refresh.ts';

/** Stored for runs that are over; counted from the steps for others. @throws NotFoundError */
export async function positionStatistics(
  database: Database,
  workspaceId: string,
  runId: string,
): Promise<PositionStatistics> {
  const run = await getRun(database, workspaceId, runId);
  if (isEnding(run.status)) {
    const stored = await query(database, (sql) =>
      sql.runHistory.findUnique({
        where: { runId },
        select: { steps: true, changes: true, firstChanged: true, lastChanged: true, entropy: true },
      }),
    );
    if (stored) return stored;
  }
  return (await computeStatistics(database, run)).statistics;
}
