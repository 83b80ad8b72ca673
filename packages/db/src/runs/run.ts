// A run as callers see it, and how it is read from its row.
import type { RunFailure, RunState, RunStatus, TokenData } from '@tessera/protocol';
import type { Run as RunRow } from '../../generated/client.ts';
import { type Database, query, type Statements } from '../database.ts';
import { NotFoundError } from '../errors.ts';
import { knownId } from '../ids.ts';

export interface Run {
  readonly id: string;
  readonly workspaceId: string;
  readonly sessionId: string | null;
  readonly userId: string;
  readonly seedId: string | null;
  readonly maskId: string | null;
  readonly sweepId: string | null;
  /** Index on each axis of the sweep's grid. */
  readonly sweepCell: readonly number[];
  readonly parentId: string | null;
  readonly forkStep: number | null;
  readonly name: string | null;
  /** The engine's resolved plan. */
  readonly config: object;
  readonly manifest: object | null;
  readonly tokenizer: string;
  readonly tokenKind: TokenData['kind'];
  readonly positions: number;
  /** Values per position of vectors; 0 for indices. */
  readonly channels: number;
  readonly state: RunState;
  readonly status: RunStatus;
  readonly pinned: boolean;
  readonly priority: number;
  readonly iterations: number;
  /** Steps firstStep .. nextStep - 1 are stored. */
  readonly firstStep: number;
  readonly nextStep: number;
  readonly skippedSteps: number;
  readonly loss: number | null;
  readonly score: number | null;
  readonly cancelRequested: boolean;
  readonly pauseRequested: boolean;
  readonly leaseExpiresAt: Date | null;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

export function runOf(row: RunRow): Run {
  const state = stateOf(row);
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    sessionId: row.sessionId,
    userId: row.userId,
    seedId: row.seedId,
    maskId: row.maskId,
    sweepId: row.sweepId,
    sweepCell: row.sweepCell,
    parentId: row.parentId,
    forkStep: row.forkStep,
    name: row.name,
    config: row.config as object,
    manifest: row.manifest as object | null,
    tokenizer: row.tokenizer,
    tokenKind: row.tokenKind as TokenData['kind'],
    positions: row.positions,
    channels: row.channels,
    state,
    status: state.status,
    pinned: row.pinned,
    priority: row.priority,
    iterations: row.iterations,
    firstStep: row.firstStep,
    nextStep: row.nextStep,
    skippedSteps: row.skippedSteps,
    loss: row.loss,
    score: row.score,
    cancelRequested: row.cancelRequestedAt !== null,
    pauseRequested: row.pauseRequestedAt !== null,
    leaseExpiresAt: row.leaseExpiresAt,
    attempts: row.attempts,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
  };
}

/** The columns that a database check keeps to the protocol's statuses. */
function stateOf(row: RunRow): RunState {
  const status = row.status as RunStatus;
  switch (status) {
    case 'queued':
      return { status, ...(row.interruption !== null && { interrupted: row.interruption }) };
    case 'leased':
    case 'running':
      return { status, lease: { worker: row.leaseOwner ?? '', fence: row.fence } };
    case 'failed':
      return { status, error: row.error as unknown as RunFailure };
    case 'paused':
    case 'completed':
    case 'cancelled':
    case 'plateau':
    case 'diverged':
      return { status };
    default:
      return status satisfies never;
  }
}

/** @throws NotFoundError also when the run belongs to another workspace */
export async function getRun(database: Database, workspaceId: string, runId: string): Promise<Run> {
  return query(database, (sql) => readRun(sql, workspaceId, runId));
}

export async function readRun(sql: Statements, workspaceId: string, runId: string): Promise<Run> {
  const row = await sql.run.findFirst({ where: { id: knownId('run', runId), workspaceId } });
  if (!row) throw new NotFoundError('run', runId);
  return runOf(row);
}

/** Runs by id, whatever their workspace: callers check access. */
export async function readRuns(database: Database, ids: readonly string[]): Promise<Map<string, Run>> {
  const rows = await query(database, (sql) => sql.run.findMany({ where: { id: { in: [...ids] } } }));
  return new Map(rows.map((row) => [row.id, runOf(row)]));
}

/** For workers, who serve all workspaces. @throws NotFoundError */
export async function readAnyRun(sql: Statements, runId: string): Promise<Run> {
  const row = await sql.run.findUnique({ where: { id: knownId('run', runId) } });
  if (!row) throw new NotFoundError('run', runId);
  return runOf(row);
}

/** Forks of a run, oldest first. */
export async function listForks(database: Database, workspaceId: string, runId: string): Promise<Run[]> {
  const where = { parentId: knownId('run', runId), workspaceId };
  const rows = await query(database, (sql) => sql.run.findMany({ where, orderBy: { id: 'asc' } }));
  return rows.map(runOf);
}
