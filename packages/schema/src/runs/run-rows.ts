// Whole rows of runs by id, many in one statement; and what only lists of runs need.
import { queuePositions, type Run, readLastSteps, readRuns } from '@tessera/db';
import type { QueuePosition, StepRecord } from '@tessera/protocol';
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
