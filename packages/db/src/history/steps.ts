// Steps of a run by range and stride, and one step alone.
import { LIMITS, type StepRecord } from '@tessera/protocol';
import { checkInteger } from '../checks.ts';
import { type Database, query } from '../database.ts';
import { NotFoundError } from '../errors.ts';
import { getRun, readAnyRun } from '../runs/run.ts';
import { unpackSteps } from '../steps/pack.ts';
import { readBatches } from './batches.ts';

export interface StepRange {
  /** First step, 0 by default. */
  readonly from?: number;
  /** Last step, included; the newest by default. */
  readonly to?: number;
  /** Every so many steps, counted from `from`. The last step of the range is not added. */
  readonly stride?: number;
  /** At most so many steps in the answer. */
  readonly limit?: number;
}

/** @throws NotFoundError when the run is not in the workspace, InputError when the range makes no sense */
export async function readSteps(
  database: Database,
  workspaceId: string,
  runId: string,
  range: StepRange = {},
): Promise<StepRecord[]> {
  const run = await getRun(database, workspaceId, runId);
  const max = LIMITS.historySteps.value;
  const from = Math.max(checkInteger('from', range.from ?? 0, 0, 2 ** 31 - 1), 0);
  const to = checkInteger('to', range.to ?? 2 ** 31 - 1, 0, 2 ** 31 - 1);
  const stride = checkInteger('stride', range.stride ?? 1, 1, 2 ** 31 - 1);
  const limit = checkInteger('limit', range.limit ?? max, 1, max);
  const steps: StepRecord[] = [];
  for await (const step of readBatches(database, run.id, from, Math.min(to, run.nextStep - 1))) {
    if ((step.step - from) % stride === 0) steps.push(step);
    if (steps.length === limit) break;
  }
  return steps;
}

/** @throws NotFoundError when there is no such run or step in the workspace */
export async function readStep(
  database: Database,
  workspaceId: string,
  runId: string,
  step: number,
): Promise<StepRecord> {
  const wanted = Number.isInteger(step) && step >= 0 && step < 2 ** 31 - 1;
  const [found] = wanted ? await readSteps(database, workspaceId, runId, { from: step, to: step }) : [];
  if (!found) throw new NotFoundError('step', `${runId}/${step}`);
  return found;
}

export interface ReplayWindow {
  /** Steps that are stored, in order, at most `limit`. */
  readonly steps: readonly StepRecord[];
  /** The first step that could be read: above the one asked for where retention took some. */
  readonly firstStep: number;
  /** The next step that is not stored yet. */
  readonly nextStep: number;
}

/** For a subscriber that comes back: what it missed since it saw everything before step `from`. @throws NotFoundError */
export async function replaySteps(
  database: Database,
  runId: string,
  from: number,
  limit: number = LIMITS.replaySteps.value,
): Promise<ReplayWindow> {
  const run = await query(database, (sql) => readAnyRun(sql, runId));
  const firstStep = Math.max(from, run.firstStep);
  const steps: StepRecord[] = [];
  for await (const step of readBatches(database, runId, firstStep, Math.min(run.nextStep, firstStep + limit) - 1)) {
    steps.push(step);
  }
  return { steps, firstStep, nextStep: run.nextStep };
}

/** The newest stored step of each run that has one, whatever its workspace: callers check access. */
export async function readLastSteps(database: Database, runIds: readonly string[]): Promise<Map<string, StepRecord>> {
  const rows = await query(
    database,
    (sql) => sql.$queryRaw<{ run_id: string; data: Uint8Array }[]>`
      SELECT DISTINCT ON (run_id) run_id, data FROM step_batches
      WHERE run_id = ANY(${[...runIds]}::text[]) ORDER BY run_id, first_step DESC`,
  );
  const last = rows.map(({ run_id, data }) => [run_id, unpackSteps(data).at(-1)] as const);
  return new Map(last.filter((entry): entry is readonly [string, StepRecord] => entry[1] !== undefined));
}
