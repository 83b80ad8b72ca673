// queue: how it stands, at once and whenever it may have changed, at a pace that people can read.
import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '@tessera/wire';
import { requireRight } from '../../access.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { ROW_COST } from '../../cost.ts';
import { found } from '../../found.ts';
import { idOf } from '../../input-checks.ts';
import { guarded } from '../../subscription.ts';
import { leaveAtOnce } from '../feed/leave-at-once.ts';
import { QueueRef, type QueueView, queueOf } from '../queue.ts';

/** A sweep of 400 runs is one change for those who watch. */
const PAUSE_MS = 250;

async function subscribe(ctx: Context, workspaceId: string): Promise<AsyncIterableIterator<QueueView>> {
  await requireRight(ctx, 'view', { workspaceId });
  const subscription = ctx.bus.live.subscribe(topics.queue);
  const left = new AbortController();
  async function* views(): AsyncGenerator<QueueView, void> {
    try {
      await subscription.ready;
      for (let next: Promise<unknown> | undefined; !left.signal.aborted; ) {
        // Asked for before reading, so that no change falls between.
        next ??= subscription.next();
        yield await queueOf(ctx, workspaceId);
        const { done } = (await next) as IteratorResult<unknown>;
        if (done) return;
        next = undefined;
        await sleep(PAUSE_MS, undefined, { signal: left.signal }).catch(() => undefined);
      }
    } finally {
      await subscription.return();
    }
  }
  const feed = leaveAtOnce(views(), () => {
    left.abort();
    void subscription.return();
  });
  return guarded(ctx, feed, () => requireRight(ctx, 'view', { workspaceId }));
}

builder.subscriptionField('queue', (t) =>
  t.field({
    type: QueueRef,
    access: { checked: 'view' },
    complexity: ROW_COST,
    args: { workspaceId: t.arg.id({ required: true }) },
    subscribe: async (_root, { workspaceId }, ctx) => {
      const { id } = await found(ctx, 'Workspace', idOf('Workspace', workspaceId, 'workspaceId'), 'workspaceId');
      return subscribe(ctx, id);
    },
    resolve: (view) => view,
  }),
);
