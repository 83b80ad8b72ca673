// Who acts on a document, as the hub's authoriser can check it: a person, the link they came through, or both.
import type { Actor, Authorise, DocumentAction } from '@tessera/collab';
import { type Database, isShareLinkOpen, roleOf } from '@tessera/db';
import { allows, type Right, SHARE_ROLES } from '@tessera/protocol';
import { actorOf } from '../access.ts';
import type { Context } from '../context.ts';

export interface DocumentActor extends Actor {
  /** The share link through which the actor came. */
  readonly linkId?: string;
}

/** @throws UnauthenticatedError for nobody */
export function documentActor(ctx: Context): DocumentActor {
  const { share } = ctx.viewer;
  return { userId: actorOf(ctx), ...(share && { linkId: share.linkId }) };
}

const RIGHT_OF = { view: 'view', join: 'view', edit: 'edit' } as const satisfies Record<DocumentAction, Right>;

/**
 * For the hubs of documents and presence: roles as they are in the database now. GraphQL asks before, too; this holds for
 * whoever else calls the hub.
 */
export function authoriseDocuments(database: Database): Authorise {
  return async (actor: DocumentActor, sessionId, action) => {
    const session = await database.client.studioSession.findUnique({
      where: { id: sessionId },
      select: { workspaceId: true },
    });
    if (!session) return false;
    const right = RIGHT_OF[action];
    const { workspaceId } = session;
    if (actor.linkId !== undefined && (await linkAllows(database, actor.linkId, workspaceId, sessionId, right)))
      return true;
    const role = await roleOf(database, workspaceId, actor.userId);
    return role !== undefined && allows(role, right);
  };
}

async function linkAllows(
  database: Database,
  linkId: string,
  workspaceId: string,
  sessionId: string,
  right: Right,
): Promise<boolean> {
  const link = await database.client.shareLink.findUnique({ where: { id: linkId } });
  if (link?.workspaceId !== workspaceId || (link.sessionId !== null && link.sessionId !== sessionId)) return false;
  return allows(SHARE_ROLES[link.access === 'edit' ? 'edit' : 'view'], right) && isShareLinkOpen(database, linkId);
}
