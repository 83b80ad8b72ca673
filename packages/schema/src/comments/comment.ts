// Comments: pinned to a session, a run, a step of it, a token, or a region of the picture.
import { type Comment, listComments, type Page, type Region } from '@tessera/db';
import { builder } from '../builder.ts';
import { connectionOf, pageRequest } from '../connections.ts';
import type { Context } from '../context.ts';
import { pageCost, ROW_COST } from '../cost.ts';
import { found, mayView } from '../found.ts';
import { globalId } from '../input-checks.ts';
import { userOf } from '../people/user.ts';
import { CommentConnection, CommentRef, RunRef, SessionRef, UserRef, WorkspaceRef } from '../refs.ts';
import { runLoads } from '../runs/run-rows.ts';

const RegionRef = builder.objectRef<Region>('Region').implement({
  description: 'A rectangle as shares of the picture, 0..1.',
  access: 'held',
  fields: (t) => ({
    x: t.exposeFloat('x'),
    y: t.exposeFloat('y'),
    width: t.exposeFloat('width'),
    height: t.exposeFloat('height'),
  }),
});

builder.node(CommentRef, {
  access: 'held',
  id: { resolve: ({ id }) => id },
  loadOne: (id, ctx) => found(ctx, 'Comment', id),
  fields: (t) => ({
    body: t.exposeString('body'),
    author: t.field({
      type: UserRef,
      nullable: true,
      description: 'Null: the holder of a share link.',
      complexity: ROW_COST,
      resolve: ({ authorId }, _args, ctx) => userOf(ctx, authorId),
    }),
    session: t.field({
      type: SessionRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: async ({ sessionId }, _args, ctx) => {
        const session = sessionId ? await ctx.loads.row('Session', sessionId) : undefined;
        return session && (await mayView(ctx, 'Session', session)) ? session : null;
      },
    }),
    run: t.field({
      type: RunRef,
      nullable: true,
      complexity: ROW_COST,
      resolve: async ({ runId }, _args, ctx) => {
        const run = runId ? await runLoads(ctx).runs.load(runId) : undefined;
        return run && (await mayView(ctx, 'Run', run)) ? run : null;
      },
    }),
    step: t.exposeInt('step', { nullable: true }),
    position: t.exposeInt('position', { nullable: true }),
    region: t.expose('region', { type: RegionRef, nullable: true, complexity: 1 }),
    replyTo: t.id({ nullable: true, resolve: ({ replyToId }) => (replyToId ? globalId('Comment', replyToId) : null) }),
    resolvedAt: t.expose('resolvedAt', { type: 'DateTime', nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
  }),
});

interface CommentArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
  readonly resolved?: boolean | null | undefined;
}

/** Newest first. */
export async function commentsOf(
  { database }: Context,
  workspaceId: string,
  pinned: { readonly sessionId?: string; readonly runId?: string },
  { resolved, ...page }: CommentArgs,
) {
  const filter = { ...pinned, ...(typeof resolved === 'boolean' && { resolved }) };
  const comments: Page<Comment> = await listComments(database, workspaceId, pageRequest(page), filter);
  return connectionOf(comments);
}

builder.objectField(WorkspaceRef, 'comments', (t) =>
  t.connection(
    {
      type: CommentRef,
      access: 'view',
      complexity: pageCost,
      args: { resolved: t.arg.boolean() },
      resolve: ({ id }, args, ctx) => commentsOf(ctx, id, {}, args),
    },
    CommentConnection,
  ),
);

builder.objectField(SessionRef, 'comments', (t) =>
  t.connection(
    {
      type: CommentRef,
      access: 'view',
      complexity: pageCost,
      args: { resolved: t.arg.boolean() },
      resolve: ({ id, workspaceId }, args, ctx) => commentsOf(ctx, workspaceId, { sessionId: id }, args),
    },
    CommentConnection,
  ),
);

builder.objectField(RunRef, 'comments', (t) =>
  t.connection(
    {
      type: CommentRef,
      access: 'view',
      complexity: pageCost,
      args: { resolved: t.arg.boolean() },
      resolve: ({ id, workspaceId }, args, ctx) => commentsOf(ctx, workspaceId, { runId: id }, args),
    },
    CommentConnection,
  ),
);
