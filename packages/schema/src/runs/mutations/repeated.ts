// A mutation asked again with its key is answered from what it made before: no worker, model list or plan is needed for that.
import { earlierRun, earlierSweep, type RepeatableRequest, type Run, type Sweep } from '@tessera/db';
import { actorOf, type Scope } from '../../access.ts';
import type { Context } from '../../context.ts';

type Key = string | null | undefined;

/** @throws IdempotencyConflictError */
export const repeatedRun = async (ctx: Context, scope: Scope, key: Key, request: object): Promise<Run | undefined> =>
  key == null ? undefined : earlierRun(ctx.database, repeatable(ctx, scope, key, request));

/** @throws IdempotencyConflictError */
export const repeatedSweep = async (
  ctx: Context,
  scope: Scope,
  key: Key,
  request: object,
): Promise<Sweep | undefined> =>
  key == null ? undefined : earlierSweep(ctx.database, repeatable(ctx, scope, key, request));

const repeatable = (ctx: Context, scope: Scope, idempotencyKey: string, request: object): RepeatableRequest => ({
  workspaceId: scope.workspaceId,
  userId: actorOf(ctx),
  idempotencyKey,
  request,
});
