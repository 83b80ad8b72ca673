// Packs the small batches of a finished run into larger rows: fewer rows, and under 40 kB for 300 steps of 32 tokens.
import { isEnding, LIMITS, type StepRecord } from '@tessera/protocol';
import { type Database, query, transaction } from '../database.ts';
import { readAnyRun } from '../runs/run.ts';
import { packSteps } from '../steps/pack.ts';
import { readBatches } from './batches.ts';

/** Steps of one row after compaction. */
const STEPS_PER_ROW = LIMITS.stepBatch.value * 4;

/**
 * Returns how many rows there are now. Nothing is done to a run that still grows, that gains less than half of its rows,
 * or whose tokens are vectors: those are large already.
 * @throws NotFoundError
 */
export async function compactRun(database: Database, runId: string): Promise<number> {
  const run = await query(database, (sql) => readAnyRun(sql, runId));
  const rows = await query(database, (sql) => sql.stepBatch.count({ where: { runId } }));
  const wanted = Math.ceil((run.nextStep - run.firstStep) / STEPS_PER_ROW);
  if (!isEnding(run.status) || run.tokenKind === 'vectors' || rows < wanted * 2) return rows;
  const steps: StepRecord[] = [];
  for await (const step of readBatches(database, runId, run.firstStep, run.nextStep - 1)) steps.push(step);
  const batches = Array.from({ length: wanted }, (_, i) => steps.slice(i * STEPS_PER_ROW, (i + 1) * STEPS_PER_ROW));
  await transaction(database, async (sql) => {
    await sql.stepBatch.deleteMany({ where: { runId } });
    await sql.stepBatch.createMany({
      data: batches.map((batch) => ({
        runId,
        firstStep: batch[0]!.step,
        count: batch.length,
        workspaceId: run.workspaceId,
        fence: 0,
        data: packSteps(batch),
      })),
    });
  });
  return wanted;
}
