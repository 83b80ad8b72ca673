// Reads packed steps in order, a bounded number of rows at a time: a long run never lies in memory as a whole.
import type { StepRecord } from '@tessera/protocol';
import { type Database, query } from '../database.ts';
import { unpackSteps } from '../steps/pack.ts';

const ROWS_AT_ONCE = 16;

/** Steps `from` to `to` (both included) of a run. The caller has checked whose run it is. */
export async function* readBatches(
  database: Database,
  runId: string,
  from: number,
  to: number,
): AsyncGenerator<StepRecord> {
  let next = from;
  while (next <= to) {
    const start = next;
    const rows = await query(
      database,
      (sql) => sql.$queryRaw<{ first_step: number; count: number; data: Uint8Array }[]>`
        SELECT first_step, count, data FROM step_batches
        WHERE run_id = ${runId} AND first_step <= ${to}::int AND first_step + count > ${start}::int
          AND first_step >= COALESCE((SELECT max(first_step) FROM step_batches
            WHERE run_id = ${runId} AND first_step <= ${start}::int), 0)
        ORDER BY first_step LIMIT ${ROWS_AT_ONCE}`,
    );
    for (const { data } of rows) {
      for (const step of unpackSteps(data)) if (step.step >= start && step.step <= to) yield step;
    }
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_AT_ONCE) return;
    next = last.first_step + last.count;
  }
}
