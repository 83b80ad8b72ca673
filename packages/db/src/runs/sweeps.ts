// A sweep: a grid of parameters as one batch of runs, made together or not at all.
import { LIMITS } from '@tessera/protocol';
import type { Prisma } from '../../generated/client.ts';
import { checkInteger, checkName, hashOf } from '../checks.ts';
import { type Database, query, transaction } from '../database.ts';
import { NotFoundError } from '../errors.ts';
import { earlierResult, findEarlierResult } from '../idempotency.ts';
import { knownId, newId } from '../ids.ts';
import { edgeByTime, keysetOf, newestFirst, type Page, type PageRequest, pageOf } from '../page.ts';
import {
  checkQuota,
  DEFAULT_QUOTAS,
  insertRuns,
  type NewRun,
  type QueueQuotas,
  type RepeatableRequest,
} from './create.ts';
import { type Run, runOf } from './run.ts';

export interface SweepAxis {
  /** Path into the plan, such as 'learningRate' or 'objectives.0.cfg'. */
  readonly path: string;
  readonly values: readonly (string | number | boolean | null)[];
}

export interface Sweep {
  readonly id: string;
  readonly workspaceId: string;
  readonly sessionId: string | null;
  readonly name: string;
  readonly axes: readonly SweepAxis[];
  readonly createdById: string;
  readonly createdAt: Date;
}

export interface NewSweep {
  readonly workspaceId: string;
  readonly userId: string;
  readonly sessionId?: string;
  readonly name: string;
  readonly axes: readonly SweepAxis[];
  /** One run per cell, resolved by the caller. */
  readonly runs: readonly {
    readonly cell: readonly number[];
    readonly run: Omit<NewRun, 'workspaceId' | 'userId' | 'sessionId' | 'idempotencyKey' | 'request'>;
  }[];
  readonly idempotencyKey?: string;
  /** As of a run. */
  readonly request?: object;
}

/** @throws IdempotencyConflictError, QuotaError, InputError, NotFoundError */
export async function createSweep(
  database: Database,
  input: NewSweep,
  quotas: QueueQuotas = DEFAULT_QUOTAS,
): Promise<{ sweep: Sweep; runs: Run[] }> {
  const { idempotencyKey: key, request, ...body } = input;
  const { workspaceId, userId, sessionId, axes, runs } = input;
  checkInteger('runs of a sweep', runs.length, 1, LIMITS.sweepRuns.value);
  const id = newId();
  return transaction(database, async (sql) => {
    const bodyHash = hashOf(request ?? body);
    const earlier = await earlierResult(sql, { workspaceId, userId, key, operation: 'createSweep', bodyHash }, id);
    if (earlier === undefined) {
      await checkQuota(sql, workspaceId, userId, runs.length, quotas);
      await sql.sweep.create({
        data: {
          id,
          workspaceId,
          sessionId: sessionId ?? null,
          name: checkName(input.name),
          grid: axes.map(({ path, values }) => ({ path, values: [...values] })) as Prisma.InputJsonArray,
          createdById: userId,
          createdAt: new Date(),
        },
      });
      const common = { workspaceId, userId, ...(sessionId !== undefined && { sessionId }) };
      await insertRuns(
        sql,
        runs.map(({ cell, run }) => ({ ...run, ...common, id: newId(), sweep: { id, cell } })),
      );
    }
    const where = { sweepId: earlier ?? id };
    const sweep = await sql.sweep.findUniqueOrThrow({ where: { id: earlier ?? id } });
    return {
      sweep: sweepOf(sweep),
      runs: (await sql.run.findMany({ where, orderBy: { id: 'asc' } })).map(runOf),
    };
  });
}

/** The sweep that the same request made before, if it did. @throws IdempotencyConflictError for another request with this key */
export async function earlierSweep(database: Database, input: RepeatableRequest): Promise<Sweep | undefined> {
  const { workspaceId, userId, idempotencyKey: key, request } = input;
  const bodyHash = hashOf(request);
  const id = await findEarlierResult(database, { workspaceId, userId, key, operation: 'createSweep', bodyHash });
  return id === undefined ? undefined : getSweep(database, workspaceId, id);
}

/** @throws NotFoundError */
export async function getSweep(database: Database, workspaceId: string, sweepId: string): Promise<Sweep> {
  const where = { id: knownId('sweep', sweepId), workspaceId };
  const row = await query(database, (sql) => sql.sweep.findFirst({ where }));
  if (!row) throw new NotFoundError('sweep', sweepId);
  return sweepOf(row);
}

export async function listSweeps(database: Database, workspaceId: string, request: PageRequest): Promise<Page<Sweep>> {
  const keyset = keysetOf(request);
  const { where, ...order } = newestFirst(keyset);
  const rows = await query(database, (sql) => sql.sweep.findMany({ where: { workspaceId, ...where }, ...order }));
  return pageOf(rows, keyset, (row) => edgeByTime(sweepOf(row)));
}

function sweepOf({ grid, ...row }: Prisma.SweepGetPayload<object>): Sweep {
  return { ...row, axes: grid as unknown as SweepAxis[] };
}
