// From a plan to a queued run: its models are known, its pictures are there and fit, then it is stored and announced.
import { createRun, type NewRun, type Run } from '@tessera/db';
import { checkLocks, type RunPlan } from '@tessera/engine/plan';
import type { RunOrigin } from '@tessera/protocol';
import { actorOf, requireRight, type Scope } from '../../access.ts';
import type { Context } from '../../context.ts';
import { BadInputError } from '../../errors.ts';
import { found } from '../../found.ts';
import { checkLine, checkWhole } from '../../input-checks.ts';
import { announceQueued } from '../announce-run.ts';
import { checkModels, modelsOf, type TokenShape } from '../models.ts';
import { needsPicture, searchableTexts, workerNeeds } from '../plans/facts.ts';
import { under } from '../plans/resolve-plan.ts';
import { checkIndices } from '../plans/splice-tokens.ts';
import { configOf } from '../run-config.ts';

export interface Pictures {
  readonly seedId?: string;
  readonly maskId?: string;
}

export interface PlannedRun extends Pictures {
  readonly plan: RunPlan;
  /** Where the plan is in the input, for errors; '' for a session's. */
  readonly at: string;
  readonly origin: RunOrigin;
}

export type PreparedRun = Omit<NewRun, 'workspaceId' | 'userId' | 'sessionId' | 'idempotencyKey' | 'request'>;

/** @throws BadInputError, SchemaError for a model that is not installed, NotFoundError, ComputeError */
export async function prepareRun(ctx: Context, workspaceId: string, planned: PlannedRun): Promise<PreparedRun> {
  const { plan, at, origin, seedId, maskId } = planned;
  const shape = checkModels(await modelsOf(ctx.compute), plan, at);
  checkOrigin(origin, shape);
  checkTokens(plan, shape, at);
  const fromSeed = plan.start.kind === 'seed' && origin.kind === 'plan';
  if ((fromSeed || needsPicture(plan)) && seedId === undefined) {
    const why = fromSeed ? 'starts from a seed' : 'compares with the pixels of a seed';
    throw new BadInputError('seedId', `is needed: the plan ${why}.`);
  }
  await checkPictures(ctx, workspaceId, planned);
  return {
    ...(seedId !== undefined && { seedId }),
    ...(maskId !== undefined && { maskId }),
    config: configOf(plan, origin),
    prompts: searchableTexts(plan),
    tokenizer: plan.tokenizer,
    tokens: { kind: shape.kind, positions: shape.positions, channels: shape.channels },
    iterations: plan.iterations,
    needs: workerNeeds(plan),
  };
}

/** A session's positions are in its document: `at` is ''. */
function checkTokens(plan: RunPlan, { positions }: TokenShape, at: string): void {
  try {
    checkLocks(plan, positions);
  } catch (error) {
    throw under(at, error);
  }
}

function checkOrigin(origin: RunOrigin, { kind, positions, codebookSize }: TokenShape): void {
  if (origin.kind !== 'indices') return;
  if (kind !== 'indices') throw new BadInputError('indices', 'cannot start a tokenizer without codebook.');
  checkIndices(origin.indices, positions, codebookSize, 'indices');
}

async function checkPictures(ctx: Context, workspaceId: string, { seedId, maskId }: Pictures): Promise<void> {
  if (seedId !== undefined) {
    const seed = await found(ctx, 'Seed', seedId, 'seedId');
    if (seed.workspaceId !== workspaceId) throw new BadInputError('seedId', 'is of another workspace.');
  }
  if (maskId === undefined) return;
  const mask = await found(ctx, 'Mask', maskId, 'maskId');
  if (mask.seedId !== seedId)
    throw new BadInputError('maskId', 'is a mask of another seed; take one of the seed, or none.');
}

export interface StartOptions extends PlannedRun {
  readonly scope: Scope;
  readonly parent?: { readonly runId: string; readonly step: number };
  readonly name?: string | null | undefined;
  readonly priority?: number | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
  /** Name and input of the mutation: asked again with the same key, it gives the same run whatever a session says by then. */
  readonly request: object;
}

/** Whoever calls has asked for the right to run. @throws as `prepareRun`; QuotaError, IdempotencyConflictError, ForbiddenError */
export async function queueRun(ctx: Context, options: StartOptions): Promise<Run> {
  const { scope, parent, name, priority, idempotencyKey, request } = options;
  const { workspaceId, sessionId } = scope;
  const words = name == null ? undefined : checkLine('name', name, ctx.limits.nameCharacters);
  const rank = priority == null ? 0 : checkWhole('priority', priority, -100, 100);
  // Before everybody else's: for operators.
  if (rank > 0) await requireRight(ctx, 'manage', scope);
  const prepared = await prepareRun(ctx, workspaceId, options);
  const run = await createRun(
    ctx.database,
    {
      ...prepared,
      workspaceId,
      userId: actorOf(ctx),
      ...(sessionId != null && { sessionId }),
      ...(parent && { parent }),
      ...(words !== undefined && { name: words }),
      ...(rank !== 0 && { priority: rank }),
      ...(idempotencyKey != null && { idempotencyKey, request }),
    },
    ctx.limits,
  );
  await announceQueued(ctx, [run]);
  return run;
}
