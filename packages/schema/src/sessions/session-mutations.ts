// Sessions: made, renamed, archived, deleted.
import { createSession, deleteSession, updateSession } from '@tessera/db';
import { actorOf, requireRight } from '../access.ts';
import { announce, audit } from '../announce.ts';
import type { Context } from '../context.ts';
import { found } from '../found.ts';
import { checkLine, given, globalId, optionalId } from '../input-checks.ts';
import { mutation } from '../mutation.ts';
import { SessionRef } from '../refs.ts';
import { sessionTarget, workspaceTarget } from '../targets.ts';
import { documentActor } from './actor.ts';
import { firstUpdate } from './initial-document.ts';

mutation('createSession', {
  right: 'edit',
  input: (t) => ({
    workspaceId: t.id({ required: true }),
    name: t.string({ required: true }),
    idempotencyKey: t.string(),
    from: t.id({ description: 'Copy the document of this session.' }),
  }),
  payload: { session: SessionRef },
  target: (input, ctx) => workspaceTarget(input, ctx),
  async change(input, ctx, { workspaceId }) {
    const name = checkLine('name', input.name, ctx.limits.nameCharacters);
    const from = optionalId('Session', input.from, 'from');
    const session = await createSession(ctx.database, {
      workspaceId,
      userId: actorOf(ctx),
      name,
      firstUpdate: from === undefined ? firstUpdate() : await copyOf(ctx, from),
      ...given({ from, idempotencyKey: input.idempotencyKey }),
    });
    await announce(ctx, workspaceId, { kind: 'SESSION', id: session.id });
    return { session };
  },
});

/** Everything a document holds, as one update. @throws NotFoundError */
async function copyOf(ctx: Context, sessionId: string): Promise<Uint8Array> {
  const { id, workspaceId } = await found(ctx, 'Session', sessionId, 'from');
  await requireRight(ctx, 'view', { workspaceId, sessionId: id });
  return (await ctx.documents.sync(id, documentActor(ctx))).update;
}

mutation('updateSession', {
  right: 'edit',
  input: (t) => ({ sessionId: t.id({ required: true }), name: t.string(), archived: t.boolean() }),
  payload: { session: SessionRef },
  target: (input, ctx) => sessionTarget(input, ctx),
  async change({ name, archived }, ctx, { session: { id, workspaceId } }) {
    const session = await updateSession(ctx.database, workspaceId, id, {
      ...(typeof name === 'string' && { name: checkLine('name', name, ctx.limits.nameCharacters) }),
      ...(typeof archived === 'boolean' && { archived }),
    });
    await announce(ctx, workspaceId, { kind: 'SESSION', id });
    return { session };
  },
});

mutation('deleteSession', {
  description: 'With its document, links and comments; its runs stay.',
  right: 'manage',
  input: (t) => ({ sessionId: t.id({ required: true }) }),
  payload: { deletedId: 'ID' },
  target: (input, ctx) => sessionTarget(input, ctx),
  async change(_input, ctx, { session: { id, workspaceId, name } }) {
    await deleteSession(ctx.database, workspaceId, id);
    await audit(ctx, workspaceId, {
      action: 'session.delete',
      targetType: 'session',
      targetId: id,
      detail: { name },
    });
    await announce(ctx, workspaceId, { kind: 'SESSION', id });
    return { deletedId: globalId('Session', id) };
  },
});
