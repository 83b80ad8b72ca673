// Comments: written by everybody inside, changed by their authors, resolved by editors.
import { addComment, deleteComment, updateComment } from '@tessera/db';
import { actorOf, hasRight, requireRight, type Scope } from '../access.ts';
import { announce, audit } from '../announce.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { BadInputError, ForbiddenError, NotFoundError } from '../errors.ts';
import { found, scopeOf } from '../found.ts';
import { checkNumber, checkText, checkWhole, globalId, idOf, optionalId } from '../input-checks.ts';
import { mutation } from '../mutation.ts';
import { CommentRef } from '../refs.ts';

const RegionInput = builder.inputType('RegionInput', {
  fields: (t) => ({
    x: t.float({ required: true }),
    y: t.float({ required: true }),
    width: t.float({ required: true }),
    height: t.float({ required: true }),
  }),
});

interface Pins extends Scope {
  readonly pins: { readonly sessionId?: string; readonly runId?: string; readonly replyToId?: string };
}

/** Everything that a comment is pinned to, each open to the viewer. */
async function pinsOf(
  input: {
    readonly workspaceId: string;
    readonly sessionId?: string | null | undefined;
    readonly runId?: string | null | undefined;
    readonly replyTo?: string | null | undefined;
  },
  ctx: Context,
): Promise<Pins> {
  const workspaceId = idOf('Workspace', input.workspaceId, 'workspaceId');
  const sessionId = optionalId('Session', input.sessionId, 'sessionId');
  const runId = optionalId('Run', input.runId, 'runId');
  const replyToId = optionalId('Comment', input.replyTo, 'replyTo');
  const pinned = [
    ...(sessionId === undefined ? [] : [scopeOf('Session', await found(ctx, 'Session', sessionId, 'sessionId'))]),
    ...(runId === undefined ? [] : [scopeOf('Run', await found(ctx, 'Run', runId, 'runId'))]),
    ...(replyToId === undefined ? [] : [scopeOf('Comment', await found(ctx, 'Comment', replyToId, 'replyTo'))]),
  ];
  const [first] = pinned;
  if (!first) throw new BadInputError('sessionId', 'and runId are both absent; pin the comment to one of them.');
  if (pinned.some((scope) => scope.workspaceId !== workspaceId)) throw new NotFoundError('workspace', 'workspaceId');
  return {
    ...first,
    pins: { ...(sessionId && { sessionId }), ...(runId && { runId }), ...(replyToId && { replyToId }) },
  };
}

mutation('addComment', {
  right: 'comment',
  input: (t) => ({
    workspaceId: t.id({ required: true }),
    body: t.string({ required: true }),
    sessionId: t.id(),
    runId: t.id(),
    step: t.int(),
    position: t.int(),
    region: t.field({ type: RegionInput }),
    replyTo: t.id(),
  }),
  payload: { comment: CommentRef },
  target: (input, ctx) => pinsOf(input, ctx),
  async change({ step, position, region, ...input }, ctx, { workspaceId, pins }) {
    if (pins.sessionId) await requireRight(ctx, 'comment', { workspaceId, sessionId: pins.sessionId });
    const comment = await addComment(ctx.database, {
      workspaceId,
      authorId: actorOf(ctx),
      body: checkText('body', input.body, ctx.limits.commentCharacters),
      ...pins,
      ...(step != null && { step: checkWhole('step', step, 0, 2 ** 31 - 1) }),
      ...(position != null && { position: checkWhole('position', position, 0, 2 ** 31 - 1) }),
      ...(region && { region: checkRegion(region) }),
    });
    await announce(ctx, workspaceId, { kind: 'COMMENT', id: comment.id });
    return { comment };
  },
});

function checkRegion<
  R extends { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
>(region: R): R {
  for (const side of ['x', 'y', 'width', 'height'] as const) checkNumber(`region.${side}`, region[side], 0, 1);
  return region;
}

async function commentTarget({ commentId }: { readonly commentId: string }, ctx: Context) {
  const comment = await found(ctx, 'Comment', idOf('Comment', commentId, 'commentId'), 'commentId');
  const run = comment.sessionId === null && comment.runId ? await ctx.loads.row('Run', comment.runId) : undefined;
  return { ...scopeOf('Comment', comment), ...(run && { sessionId: run.sessionId }), comment };
}

mutation('updateComment', {
  description: 'Authors change their text; authors and editors resolve.',
  right: 'comment',
  input: (t) => ({ commentId: t.id({ required: true }), body: t.string(), resolved: t.boolean() }),
  payload: { comment: CommentRef },
  target: (input, ctx) => commentTarget(input, ctx),
  async change({ body, resolved }, ctx, { comment: { id, authorId }, ...scope }) {
    const isAuthor = authorId === actorOf(ctx);
    if (typeof body === 'string' && !isAuthor) throw new ForbiddenError('change the words of others', 'their author');
    if (!isAuthor) await requireRight(ctx, 'edit', scope);
    const comment = await updateComment(ctx.database, scope.workspaceId, id, {
      ...(typeof body === 'string' && { body: checkText('body', body, ctx.limits.commentCharacters) }),
      ...(typeof resolved === 'boolean' && { resolved }),
    });
    await announce(ctx, scope.workspaceId, { kind: 'COMMENT', id });
    return { comment };
  },
});

mutation('deleteComment', {
  description: 'With its replies. Authors delete their own, owners any.',
  right: 'comment',
  input: (t) => ({ commentId: t.id({ required: true }) }),
  payload: { deletedId: 'ID' },
  target: (input, ctx) => commentTarget(input, ctx),
  async change(_input, ctx, { comment: { id, authorId }, workspaceId }) {
    const isAuthor = authorId === actorOf(ctx);
    if (!isAuthor && !(await hasRight(ctx, 'manage', { workspaceId }))) {
      throw new ForbiddenError('delete the comments of others', 'owner');
    }
    await deleteComment(ctx.database, workspaceId, id);
    await audit(ctx, workspaceId, { action: 'comment.delete', targetType: 'comment', targetId: id });
    await announce(ctx, workspaceId, { kind: 'COMMENT', id });
    return { deletedId: globalId('Comment', id) };
  },
});
