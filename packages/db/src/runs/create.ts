// Makes runs: the run, its queue row and its idempotency key in one transaction, within the quotas of its user.
import { LIMITS, type TokenData } from '@tessera/protocol';
import type { Prisma } from '../../generated/client.ts';
import { checkInteger, checkName, hashOf } from '../checks.ts';
import { type Database, query, type Statements, transaction } from '../database.ts';
import { InputError, NotFoundError, QuotaError } from '../errors.ts';
import { earlierResult, findEarlierResult } from '../idempotency.ts';
import { knownId, newId } from '../ids.ts';
import { type Run, readRun } from './run.ts';
import { searchText } from './search-text.ts';

export interface NewRun {
  readonly workspaceId: string;
  /** Who asked for it: quotas and fairness count per user. */
  readonly userId: string;
  readonly sessionId?: string;
  readonly seedId?: string;
  readonly maskId?: string;
  /** Forked from the state after this step of another run. */
  readonly parent?: { readonly runId: string; readonly step: number };
  readonly name?: string;
  /** The engine's resolved plan, plain JSON. */
  readonly config: object;
  /** Every prompt and negative prompt in it, for the text search. */
  readonly prompts: readonly string[];
  readonly tokenizer: string;
  readonly tokens: { readonly kind: TokenData['kind']; readonly positions: number; readonly channels?: number };
  readonly iterations: number;
  /** Above 0: before everyone else's (operators only). 0 and below only orders a user's own runs. */
  readonly priority?: number;
  /** What a worker must offer, such as 'provider:cuda'. */
  readonly needs?: readonly string[];
  readonly idempotencyKey?: string;
  /** Plain JSON of what was asked for, where the run is made of more than that: the key is held against this, not the run. */
  readonly request?: object;
}

export interface QueueQuotas {
  readonly queuedRunsPerUser: number;
  readonly queuedRunsPerWorkspace: number;
}

export const DEFAULT_QUOTAS: QueueQuotas = {
  queuedRunsPerUser: LIMITS.queuedRunsPerUser.value,
  queuedRunsPerWorkspace: LIMITS.queuedRunsPerWorkspace.value,
};

/**
 * @throws IdempotencyConflictError, QuotaError, InputError
 * @throws NotFoundError when session, seed, mask, parent or the forked step is not in the workspace
 */
export async function createRun(database: Database, input: NewRun, quotas: QueueQuotas = DEFAULT_QUOTAS): Promise<Run> {
  const { idempotencyKey: key, request, ...body } = input;
  const { workspaceId, userId } = input;
  const bodyHash = hashOf(request ?? body);
  const id = newId();
  return transaction(database, async (sql) => {
    const earlier = await earlierResult(sql, { workspaceId, userId, key, operation: 'createRun', bodyHash }, id);
    if (earlier !== undefined) return readRun(sql, workspaceId, earlier);
    await checkQuota(sql, workspaceId, userId, 1, quotas);
    await insertRuns(sql, [{ id, ...body }]);
    return readRun(sql, workspaceId, id);
  });
}

/** What a mutation that made runs was asked for. */
export interface RepeatableRequest {
  readonly workspaceId: string;
  readonly userId: string;
  readonly idempotencyKey: string;
  readonly request: object;
}

/** The run that the same request made before, if it did. @throws IdempotencyConflictError for another request with this key */
export async function earlierRun(database: Database, input: RepeatableRequest): Promise<Run | undefined> {
  const { workspaceId, userId, idempotencyKey: key, request } = input;
  const bodyHash = hashOf(request);
  const id = await findEarlierResult(database, { workspaceId, userId, key, operation: 'createRun', bodyHash });
  return id === undefined ? undefined : query(database, (sql) => readRun(sql, workspaceId, id));
}

/** A run with its id, and its place in a sweep. */
export type RunToInsert = Omit<NewRun, 'idempotencyKey' | 'request'> & {
  readonly id: string;
  readonly sweep?: { readonly id: string; readonly cell: readonly number[] };
};

/** Runs of one workspace and user, with their queue rows. */
export async function insertRuns(sql: Statements, runs: readonly RunToInsert[]): Promise<void> {
  await checkReferences(sql, runs);
  const createdAt = new Date();
  await sql.run.createMany({ data: runs.map((run) => rowOf(run, createdAt)) });
  await sql.queueEntry.createMany({
    data: runs.map(({ id, workspaceId, userId, priority = 0, needs = [] }) => ({
      runId: id,
      workspaceId,
      userId,
      priority,
      needs: [...needs],
      enqueuedAt: createdAt,
    })),
  });
}

function rowOf(run: RunToInsert, createdAt: Date): Prisma.RunCreateManyInput {
  const { kind, positions, channels = 0 } = run.tokens;
  return {
    id: run.id,
    workspaceId: run.workspaceId,
    userId: run.userId,
    sessionId: run.sessionId ?? null,
    seedId: run.seedId ?? null,
    maskId: run.maskId ?? null,
    sweepId: run.sweep?.id ?? null,
    sweepCell: [...(run.sweep?.cell ?? [])],
    parentId: run.parent?.runId ?? null,
    forkStep: run.parent?.step ?? null,
    name: run.name === undefined ? null : checkName(run.name),
    config: run.config as Prisma.InputJsonObject,
    promptText: searchText([run.name ?? '', ...run.prompts]),
    tokenizer: run.tokenizer,
    tokenKind: kind,
    positions: checkInteger('positions', positions, 1, 65_536),
    channels: checkInteger('channels', channels, 0, 65_536),
    iterations: checkInteger('iterations', run.iterations, 0, LIMITS.iterations.value),
    priority: checkInteger('priority', run.priority ?? 0, -100, 100),
    needs: [...(run.needs ?? [])],
    status: 'queued',
    createdAt,
  };
}

/** Two requests of one user take turns here, so that no pair of them passes a quota together. */
export async function checkQuota(
  sql: Statements,
  workspaceId: string,
  userId: string,
  adding: number,
  { queuedRunsPerUser, queuedRunsPerWorkspace }: QueueQuotas,
): Promise<void> {
  await sql.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('quota'), hashtext(${workspaceId}))`;
  const mine = await sql.queueEntry.count({ where: { userId } });
  const cure = 'cancel some, or wait until they have run';
  if (mine + adding > queuedRunsPerUser) throw new QuotaError('queued runs per user', queuedRunsPerUser, cure);
  const all = await sql.queueEntry.count({ where: { workspaceId } });
  if (all + adding > queuedRunsPerWorkspace) {
    throw new QuotaError('queued runs per workspace', queuedRunsPerWorkspace, cure);
  }
}

async function checkReferences(sql: Statements, runs: readonly RunToInsert[]): Promise<void> {
  const workspaceId = runs[0]!.workspaceId;
  const idsOf = (what: string, pick: (run: RunToInsert) => string | undefined) =>
    [...new Set(runs.map(pick).filter((id) => id !== undefined))].map((id) => knownId(what, id));
  const exist = async (what: string, ids: string[], find: (ids: string[]) => Promise<{ id: string }[]>) => {
    if (ids.length === 0) return;
    const found = new Set((await find(ids)).map(({ id }) => id));
    const missing = ids.find((id) => !found.has(id));
    if (missing !== undefined) throw new NotFoundError(what, missing);
  };
  const where = (ids: string[]) => ({ where: { workspaceId, id: { in: ids } }, select: { id: true } });
  await exist(
    'session',
    idsOf('session', (run) => run.sessionId),
    (ids) => sql.studioSession.findMany(where(ids)),
  );
  await exist(
    'seed',
    idsOf('seed', (run) => run.seedId),
    (ids) => sql.seed.findMany(where(ids)),
  );
  await exist(
    'mask',
    idsOf('mask', (run) => run.maskId),
    (ids) => sql.mask.findMany(where(ids)),
  );
  for (const { parent } of runs) if (parent) await checkForkStep(sql, workspaceId, parent);
}

async function checkForkStep(sql: Statements, workspaceId: string, { runId, step }: { runId: string; step: number }) {
  const { firstStep, nextStep } = await readRun(sql, workspaceId, runId);
  if (!Number.isInteger(step) || step < firstStep || step >= nextStep) {
    const kept = nextStep > firstStep ? `steps ${firstStep} to ${nextStep - 1} are there` : 'it has no steps yet';
    throw new InputError('fork step', `${step} of run ${runId} does not exist; ${kept}`);
  }
}
