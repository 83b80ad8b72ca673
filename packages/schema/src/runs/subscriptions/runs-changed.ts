// runsChanged: a run of a workspace or session was created or changed its status.
import type { Run } from '@tessera/db';
import { decodeChange, topics, type WorkspaceChange } from '@tessera/wire';
import { requireRight, type Scope } from '../../access.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { ROW_COST } from '../../cost.ts';
import { BadInputError } from '../../errors.ts';
import { found } from '../../found.ts';
import { idOf, optionalId } from '../../input-checks.ts';
import { RunRef } from '../../refs.ts';
import { guarded } from '../../subscription.ts';
import { leaveAtOnce } from '../feed/leave-at-once.ts';
import { runLoads } from '../run-rows.ts';

/** @throws BadInputError, NotFoundError */
async function scopeOf(ctx: Context, workspaceId: string, sessionId: string | undefined): Promise<Scope> {
  if (sessionId === undefined) {
    const { id } = await found(ctx, 'Workspace', workspaceId, 'workspaceId');
    return { workspaceId: id };
  }
  const session = await found(ctx, 'Session', sessionId, 'sessionId');
  if (session.workspaceId !== workspaceId) throw new BadInputError('sessionId', 'is of another workspace.');
  return { workspaceId, sessionId };
}

async function subscribe(ctx: Context, scope: Scope): Promise<AsyncIterableIterator<Run>> {
  const check = () => requireRight(ctx, 'view', scope);
  await check();
  const subscription = ctx.bus.live.subscribe(topics.workspace(scope.workspaceId));
  async function* changed(): AsyncGenerator<Run, void> {
    for await (const delivery of subscription) {
      if (delivery.type !== 'latest' || !delivery.data) continue;
      const change = readChange(delivery.data);
      if (change?.kind !== 'RUN') continue;
      if (scope.sessionId != null && change.sessionId !== scope.sessionId) continue;
      // A run that was deleted is told by workspaceChanged.
      const run = await runLoads(ctx).runs.load(change.id);
      if (run) yield run;
    }
  }
  return guarded(
    ctx,
    leaveAtOnce(changed(), () => void subscription.return()),
    check,
  );
}

/** Undefined for a kind of change that this version does not know. */
function readChange(data: Uint8Array): WorkspaceChange | undefined {
  try {
    return decodeChange(data);
  } catch {
    return undefined;
  }
}

builder.subscriptionField('runsChanged', (t) =>
  t.field({
    type: RunRef,
    access: { checked: 'view' },
    description: 'A run was created or changed its status. Begins with those that did so within the last minute.',
    complexity: ROW_COST,
    args: { workspaceId: t.arg.id({ required: true }), sessionId: t.arg.id() },
    subscribe: async (_root, args, ctx) => {
      const workspaceId = idOf('Workspace', args.workspaceId, 'workspaceId');
      return subscribe(ctx, await scopeOf(ctx, workspaceId, optionalId('Session', args.sessionId, 'sessionId')));
    },
    resolve: (run) => run,
  }),
);
