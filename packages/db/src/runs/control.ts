// What people do to a run that is under way: cancel, pause, resume, rename, pin.
import { isEnding } from '@tessera/protocol';
import { checkName } from '../checks.ts';
import { type Database, type Statements, transaction } from '../database.ts';
import { RunStateError } from '../errors.ts';
import { refreshHistory } from '../history/refresh.ts';
import { knownId } from '../ids.ts';
import { enqueueAgain } from './lease.ts';
import { type Run, readRun } from './run.ts';
import { searchText } from './search-text.ts';

/**
 * A run that nobody computes ends at once; else its worker is told and ends it within one step, keeping what is there.
 * Cancelling a cancelled run changes nothing.
 * @throws NotFoundError, RunStateError when the run ended otherwise
 */
export async function requestCancel(database: Database, workspaceId: string, runId: string): Promise<Run> {
  const run = await transaction(database, async (sql) => {
    await readRun(sql, workspaceId, runId);
    await dequeue(sql, runId);
    await sql.$executeRaw`
      UPDATE runs SET
        cancel_requested_at = COALESCE(cancel_requested_at, clock_timestamp()),
        finished_at = CASE WHEN status IN ('queued', 'paused') THEN clock_timestamp() END,
        status = CASE WHEN status IN ('queued', 'paused') THEN 'cancelled' ELSE status END
      WHERE id = ${runId} AND status IN ('queued', 'paused', 'leased', 'running')`;
    const after = await readRun(sql, workspaceId, runId);
    if (isEnding(after.status) && after.status !== 'cancelled')
      throw new RunStateError(runId, after.status, 'not over');
    return after;
  });
  if (isEnding(run.status) && run.nextStep > 0) await refreshHistory(database, run.id);
  return run;
}

/** @throws NotFoundError, RunStateError when the run is over */
export async function requestPause(database: Database, workspaceId: string, runId: string): Promise<Run> {
  return transaction(database, async (sql) => {
    await readRun(sql, workspaceId, runId);
    await dequeue(sql, runId);
    await sql.$executeRaw`
      UPDATE runs SET
        pause_requested_at = CASE WHEN status = 'queued' THEN NULL ELSE clock_timestamp() END,
        status = CASE WHEN status = 'queued' THEN 'paused' ELSE status END
      WHERE id = ${runId} AND status IN ('queued', 'leased', 'running')`;
    const after = await readRun(sql, workspaceId, runId);
    if (isEnding(after.status)) throw new RunStateError(runId, after.status, 'not over');
    return after;
  });
}

/** Queues a paused run again, or takes back a pause that was not reached yet. @throws NotFoundError, RunStateError */
export async function resumeRun(database: Database, workspaceId: string, runId: string): Promise<Run> {
  return transaction(database, async (sql) => {
    const before = await readRun(sql, workspaceId, runId);
    const resumed = await sql.$executeRaw`
      UPDATE runs SET status = 'queued', interruption = 'it was paused' WHERE id = ${runId} AND status = 'paused'`;
    if (resumed === 1) await enqueueAgain(sql, runId);
    else if (before.pauseRequested) {
      await sql.$executeRaw`UPDATE runs SET pause_requested_at = NULL WHERE id = ${runId}`;
    } else throw new RunStateError(runId, before.status, 'paused');
    return readRun(sql, workspaceId, runId);
  });
}

/** Names a run, or keeps it from retention. @throws NotFoundError, InputError */
export async function updateRun(
  database: Database,
  workspaceId: string,
  runId: string,
  change: { readonly name?: string; readonly pinned?: boolean },
): Promise<Run> {
  return transaction(database, async (sql) => {
    await readRun(sql, workspaceId, runId);
    if (change.pinned !== undefined) {
      await sql.run.update({ where: { id: runId }, data: { pinned: change.pinned }, select: { id: true } });
    }
    if (change.name !== undefined) {
      const name = checkName(change.name);
      // Words of former names stay searchable.
      const words = searchText([name]);
      await sql.$executeRaw`
        UPDATE runs SET name = ${name}, prompt_text = prompt_text || ' ' || ${words} WHERE id = ${runId}`;
    }
    return readRun(sql, workspaceId, runId);
  });
}

/** Locks in the order of a claim: first the queue row, then the run. */
async function dequeue(sql: Statements, runId: string): Promise<void> {
  await sql.$executeRaw`DELETE FROM queue_entries WHERE run_id = ${knownId('run', runId)}`;
}
