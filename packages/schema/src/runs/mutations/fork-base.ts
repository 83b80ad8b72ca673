// What forks, merges and pastes have in common: the plan as it stood at a step, with overrides, and the pictures of the run.
import { listSteering, type Run, readStep } from '@tessera/db';
import type { RunPlan } from '@tessera/engine/plan';
import type { RunOrigin, TokenData } from '@tessera/protocol';
import type { Context } from '../../context.ts';
import { BadInputError } from '../../errors.ts';
import { optionalId } from '../../input-checks.ts';
import { planAtStep, type StoredChange } from '../plans/plan-at-step.ts';
import type { PlanInput } from '../plans/plan-input.ts';
import { resolvePlan } from '../plans/resolve-plan.ts';
import { planOf } from '../run-config.ts';
import { runScope } from '../run-type.ts';
import { type Pictures, queueRun } from './new-run.ts';

type Given<T> = T | null | undefined;

/** The plan in force when a step was computed, live changes included. */
export async function planInForce(ctx: Context, run: Run, step: number): Promise<RunPlan> {
  const changes = await listSteering(ctx.database, run.workspaceId, run.id);
  return planAtStep(
    planOf(run),
    changes.map(({ change, appliedStep }) => ({ change: change as StoredChange, appliedStep })),
    step,
  );
}

/** The shown tokens after a step. @throws NotFoundError */
export async function tokensAfter(ctx: Context, run: Run, step: number): Promise<TokenData> {
  return (await readStep(ctx.database, run.workspaceId, run.id, step)).tokens;
}

export interface ForkOptions {
  readonly run: Run;
  /** Checked. */
  readonly step: number;
  readonly origin: RunOrigin;
  readonly plan?: Given<PlanInput>;
  readonly seedId?: Given<string>;
  readonly maskId?: Given<string>;
  readonly name?: Given<string>;
  readonly idempotencyKey?: Given<string>;
  readonly request: object;
}

/**
 * A run that begins where another was. What the overrides do not name stays as it was at that step; `iterations` too, which
 * counts the steps of the fork itself: workers number its steps from 0 and begin its schedules anew.
 */
export async function queueFork(ctx: Context, options: ForkOptions): Promise<Run> {
  const { run, step, origin, name, idempotencyKey, request } = options;
  const overrides = options.plan ?? {};
  if (overrides.start) throw new BadInputError('plan.start', 'is the step that is forked; leave it out.');
  const before: RunPlan = { ...(await planInForce(ctx, run, step)), start: { kind: 'seed' } };
  const plan = resolvePlan(overrides, { plan: before, models: ctx.studio.defaults, start: 'seed' }, ctx.limits);
  if (plan.tokenizer !== run.tokenizer) {
    throw new BadInputError('plan.tokenizer', `is ${plan.tokenizer}; tokens of ${run.tokenizer} mean nothing to it.`);
  }
  return queueRun(ctx, {
    scope: runScope(run),
    plan,
    at: 'plan',
    origin,
    ...picturesOf(run, options),
    parent: { runId: run.id, step },
    name,
    idempotencyKey,
    request,
  });
}

/** Those of the run, unless others are given; a mask stays with its seed. */
function picturesOf(run: Run, given: Pick<ForkOptions, 'seedId' | 'maskId'>): Pictures {
  const seedId = optionalId('Seed', given.seedId, 'seedId') ?? run.seedId ?? undefined;
  const maskId = optionalId('Mask', given.maskId, 'maskId') ?? (seedId === run.seedId ? run.maskId : null) ?? undefined;
  return { ...(seedId !== undefined && { seedId }), ...(maskId !== undefined && { maskId }) };
}
