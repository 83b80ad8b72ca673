// What a new run or sweep is made of: a plan that is given, or what a session's document says now.
import { decodeGlobalID } from '@pothos/plugin-relay';
import type { SessionSnapshot } from '@tessera/collab';
import type { RunPlan } from '@tessera/engine/plan';
import type { Scope } from '../../access.ts';
import type { Context } from '../../context.ts';
import { BadInputError } from '../../errors.ts';
import { found } from '../../found.ts';
import { idOf, optionalId } from '../../input-checks.ts';
import { documentActor } from '../../sessions/actor.ts';
import { sessionPlan } from '../../sessions/plan-check.ts';
import { paintedMask } from '../painted-mask.ts';
import { needsPicture } from '../plans/facts.ts';
import type { PlanInput } from '../plans/plan-input.ts';
import { completePlan, resolvePlan } from '../plans/resolve-plan.ts';
import type { Pictures } from './new-run.ts';

type Given<T> = T | null | undefined;

export interface SourceInput {
  readonly workspaceId?: Given<string>;
  readonly sessionId?: Given<string>;
  readonly plan?: Given<PlanInput>;
  readonly seedId?: Given<string>;
  readonly maskId?: Given<string>;
}

/** The session, or the workspace. @throws BadInputError, NotFoundError */
export async function sourceTarget({ workspaceId, sessionId }: SourceInput, ctx: Context): Promise<Scope> {
  const workspace = optionalId('Workspace', workspaceId, 'workspaceId');
  if (sessionId != null) {
    const session = await found(ctx, 'Session', idOf('Session', sessionId, 'sessionId'), 'sessionId');
    if (workspace !== undefined && workspace !== session.workspaceId) {
      throw new BadInputError('workspaceId', 'is not the one of the session; leave it out.');
    }
    return { workspaceId: session.workspaceId, sessionId: session.id };
  }
  if (workspace === undefined) throw new BadInputError('workspaceId', 'is needed where no session is given.');
  return { workspaceId: (await found(ctx, 'Workspace', workspace, 'workspaceId')).id };
}

export interface RunSource {
  readonly plan: RunPlan;
  /** Where the plan is in the input, for errors. */
  readonly at: string;
  /** Seed and mask for runs of these plans, which may differ from the source's own. */
  pictures(plans: readonly RunPlan[]): Promise<Pictures>;
}

/** `indices`: whether the tokens to start from are given. @throws BadInputError, PlanInputError, PlanError */
export async function runSource(ctx: Context, scope: Scope, input: SourceInput, indices: boolean): Promise<RunSource> {
  const seedId = optionalId('Seed', input.seedId, 'seedId');
  const maskId = optionalId('Mask', input.maskId, 'maskId');
  const { limits, studio } = ctx;
  if (input.plan) {
    if (indices && input.plan.start?.kind === 'noise') {
      throw new BadInputError('plan.start', 'is noise, but indices are given; give one of them.');
    }
    const start = indices || seedId !== undefined ? 'seed' : 'noise';
    const plan = resolvePlan(input.plan, { models: studio.defaults, start }, limits);
    return { plan, at: 'plan', pictures: async () => defined({ seedId, maskId }) };
  }
  if (scope.sessionId == null) throw new BadInputError('plan', 'is needed where no session is given.');
  const snapshot = await ctx.documents.snapshot(scope.sessionId, documentActor(ctx));
  const own = completePlan(sessionPlan(snapshot, studio), limits);
  const plan: RunPlan = indices ? { ...own, start: { kind: 'seed' } } : own;
  return {
    plan,
    at: '',
    pictures: (plans) => sessionPictures(ctx, snapshot, { plans, indices, seedId, maskId }),
  };
}

interface Wanted {
  readonly plans: readonly RunPlan[];
  readonly indices: boolean;
  readonly seedId: string | undefined;
  readonly maskId: string | undefined;
}

/** The session's seed where a plan uses one, and what is painted over it. */
async function sessionPictures(ctx: Context, snapshot: SessionSnapshot, wanted: Wanted): Promise<Pictures> {
  const { plans, indices, maskId } = wanted;
  const compares = plans.some(needsPicture);
  const used = compares || (!indices && plans.some(({ start }) => start.kind === 'seed'));
  const seedId = wanted.seedId ?? (used ? seedOf(snapshot) : undefined);
  if (seedId === undefined || maskId !== undefined || !compares) return defined({ seedId, maskId });
  const seed = await found(ctx, 'Seed', seedId, 'settings.seedId');
  return defined({ seedId, maskId: await paintedMask(ctx, seed, snapshot) });
}

/** A document may name its seed by the global id that clients see, or by the one inside. */
function seedOf({ settings: { seedId } }: SessionSnapshot): string | undefined {
  if (seedId === null) return undefined;
  try {
    const { typename, id } = decodeGlobalID(seedId);
    return typename === 'Seed' ? id : seedId;
  } catch {
    return seedId;
  }
}

function defined({ seedId, maskId }: { seedId: string | undefined; maskId: string | undefined }): Pictures {
  return { ...(seedId !== undefined && { seedId }), ...(maskId !== undefined && { maskId }) };
}
