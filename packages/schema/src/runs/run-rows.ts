// Whole rows of runs by id, many in one statement; and what only lists of runs need.
import { type Database, queuePositions, type Run, unpackSteps } from '@tessera/db';
import type { QueuePosition, RunFailure, RunState, RunStatus, StepRecord, TokenData } from '@tessera/protocol';
import DataLoader from 'dataloader';
import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { found } from '../found.ts';
import type { Loads } from '../loads.ts';

interface RunLoads {
  readonly runs: DataLoader<string, Run | undefined>;
  readonly lastSteps: DataLoader<string, StepRecord | undefined>;
  /** By id of the workspace. */
  readonly queues: DataLoader<string, readonly QueuePosition[]>;
}

/** They batch, and remember nothing: a subscription lives as long as its context. */
const loads = new WeakMap<Loads, RunLoads>();

export function runLoads({ database, loads: request }: Context): RunLoads {
  const known = loads.get(request);
  if (known) return known;
  const made: RunLoads = {
    runs: batched((ids) => readRuns(database, ids)),
    lastSteps: batched((ids) => readLastSteps(database, ids)),
    queues: batched(async (ids) => {
      const all = await Promise.all(ids.map(async (id) => [id, await queuePositions(database, id)] as const));
      return new Map(all);
    }) as DataLoader<string, readonly QueuePosition[]>,
  };
  loads.set(request, made);
  return made;
}

function batched<T>(read: (ids: string[]) => Promise<Map<string, T>>): DataLoader<string, T | undefined> {
  return new DataLoader(
    async (ids) => {
      const rows = await read([...new Set(ids)]);
      return ids.map((id) => rows.get(id));
    },
    { cache: false },
  );
}

/** The run, if the viewer may see it. @throws NotFoundError, UnauthenticatedError */
export async function visibleRun(ctx: Context, id: string, field?: string): Promise<Run> {
  const place = await found(ctx, 'Run', id, field);
  const run = await runLoads(ctx).runs.load(place.id);
  // Deleted between the two reads.
  if (!run) throw new NotFoundError('run', field);
  return run;
}

type Row = Awaited<ReturnType<Database['client']['run']['findMany']>>[number];

async function readRuns(database: Database, ids: string[]): Promise<Map<string, Run>> {
  const rows = await database.client.run.findMany({ where: { id: { in: ids } } });
  return new Map(rows.map((row) => [row.id, runOf(row)]));
}

function runOf(row: Row): Run {
  const state = stateOf(row);
  return {
    ...row,
    config: row.config as object,
    manifest: row.manifest as object | null,
    tokenKind: row.tokenKind as TokenData['kind'],
    state,
    status: state.status,
    cancelRequested: row.cancelRequestedAt !== null,
    pauseRequested: row.pauseRequestedAt !== null,
  };
}

/** The database keeps the column to the protocol's statuses. */
function stateOf({ status, interruption, leaseOwner, fence, error }: Row): RunState {
  const known = status as RunStatus;
  if (known === 'queued') return { status: known, ...(interruption !== null && { interrupted: interruption }) };
  if (known === 'leased' || known === 'running') return { status: known, lease: { worker: leaseOwner ?? '', fence } };
  if (known === 'failed') return { status: known, error: error as unknown as RunFailure };
  return { status: known };
}

/** The newest stored step of each run that has one. */
async function readLastSteps(database: Database, ids: string[]): Promise<Map<string, StepRecord>> {
  const rows = await database.client.$queryRaw<{ run_id: string; data: Uint8Array }[]>`
    SELECT DISTINCT ON (run_id) run_id, data FROM step_batches
    WHERE run_id = ANY(${ids}::text[]) ORDER BY run_id, first_step DESC`;
  return new Map(
    rows.flatMap(({ run_id, data }) => {
      const last = unpackSteps(data).at(-1);
      return last ? [[run_id, last] as const] : [];
    }),
  );
}
