// Computes what queries over many runs need, once a run is over: last tokens, and what happened at each position.

import type { TokenData } from '@tessera/protocol';
import { type Database, query } from '../database.ts';
import { type Run, readAnyRun } from '../runs/run.ts';
import { collectStatistics, type PositionStatistics, placedTokens, tokenBytes } from '../steps/statistics.ts';
import { readBatches } from './batches.ts';

/** Brings a run's history row up to its stored steps; without steps there is none. Safe to repeat. */
export async function refreshHistory(database: Database, runId: string): Promise<void> {
  const run = await query(database, (sql) => readAnyRun(sql, runId));
  const { statistics, last } = await computeStatistics(database, run);
  if (!last) return;
  const row = {
    workspaceId: run.workspaceId,
    tokenizer: run.tokenizer,
    steps: statistics.steps,
    lastTokens: tokenBytes(last),
    placedTokens: placedTokens(last),
    changes: [...statistics.changes],
    firstChanged: [...statistics.firstChanged],
    lastChanged: [...statistics.lastChanged],
    entropy: [...statistics.entropy],
  };
  await query(database, (sql) =>
    sql.runHistory.upsert({ where: { runId }, create: { runId, ...row }, update: row, select: { runId: true } }),
  );
}

/** From the stored steps themselves. */
export async function computeStatistics(
  database: Database,
  run: Run,
): Promise<{ statistics: PositionStatistics; last: TokenData | undefined }> {
  const collector = collectStatistics(run.positions);
  let last: TokenData | undefined;
  for await (const step of readBatches(database, run.id, run.firstStep, run.nextStep - 1)) {
    collector.add(step);
    last = step.tokens;
  }
  return { statistics: collector.result(), last };
}
