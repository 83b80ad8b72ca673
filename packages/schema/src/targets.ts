// What most mutations change, found by the id in their input.
import type { StudioSession } from '@tessera/db';
import type { Scope } from './access.ts';
import type { Context } from './context.ts';
import { found } from './found.ts';
import { idOf } from './input-checks.ts';

/** @throws BadInputError, NotFoundError */
export async function workspaceTarget(
  { workspaceId }: { readonly workspaceId: string },
  ctx: Context,
): Promise<{ readonly workspaceId: string }> {
  return { workspaceId: (await found(ctx, 'Workspace', idOf('Workspace', workspaceId, 'workspaceId'))).id };
}

/** @throws BadInputError, NotFoundError */
export async function sessionTarget(
  { sessionId }: { readonly sessionId: string },
  ctx: Context,
): Promise<Scope & { readonly session: StudioSession }> {
  const session = await found(ctx, 'Session', idOf('Session', sessionId, 'sessionId'), 'sessionId');
  return { workspaceId: session.workspaceId, sessionId: session.id, session };
}
