// The check that every write of a worker begins with: it still holds the run.
import type { Statements } from '../database.ts';
import { FencedError } from '../errors.ts';
import { knownId } from '../ids.ts';

export interface HeldRun {
  readonly workspaceId: string;
  readonly tokenKind: string;
  readonly positions: number;
  readonly channels: number;
  readonly nextStep: number;
}

/**
 * Locks the run's row for the transaction. A lease that has expired but was not yet given away still holds.
 * @throws FencedError when another claim came since, or the run is no longer leased
 */
export async function holdRun(sql: Statements, runId: string, fence: number): Promise<HeldRun> {
  const [run] = await sql.$queryRaw<HeldRun[]>`
    SELECT workspace_id AS "workspaceId", token_kind AS "tokenKind", positions, channels, next_step AS "nextStep"
    FROM runs WHERE id = ${knownId('run', runId)} AND fence = ${fence}::int AND status IN ('leased', 'running')
    FOR UPDATE`;
  if (!run) throw new FencedError(runId, fence);
  return run;
}
