// Who may do what: the role of a member, or what an open share link stands for. Asked at every operation, cached per request.
import { allows, RIGHTS, type Right, ROLES, type Role, SHARE_ROLES } from '@tessera/protocol';
import type { Context } from './context.ts';
import { ForbiddenError, NotFoundError, UnauthenticatedError } from './errors.ts';

/** What is asked about: a workspace, or one session of it (with its runs and comments). */
export interface Scope {
  readonly workspaceId: string;
  readonly sessionId?: string | null;
}

export interface Access {
  readonly role: Role;
  readonly rights: readonly Right[];
}

/** Links are made, and people managed, by people with an account: whoever passed a link on cannot be asked. */
const NOT_FOR_GUESTS: readonly Right[] = ['share', 'manage'];

const rightsOf = (role: Role): Right[] => (Object.keys(RIGHTS) as Right[]).filter((right) => allows(role, right));

/**
 * The viewer's role and rights in a workspace or session, or undefined for somebody outside. A link to one session covers
 * nothing but that session; of a membership and a link the stronger counts.
 */
export async function accessTo(ctx: Context, { workspaceId, sessionId }: Scope): Promise<Access | undefined> {
  const [member, link] = await Promise.all([
    memberRole(ctx, workspaceId),
    linkRole(ctx, workspaceId, sessionId ?? null),
  ]);
  if (member && !(link && ROLES.indexOf(link) < ROLES.indexOf(member)))
    return { role: member, rights: rightsOf(member) };
  if (!link) return undefined;
  const beyond: readonly Right[] = member ? rightsOf(member) : [];
  const rights = rightsOf(link).filter((right) => !NOT_FOR_GUESTS.includes(right) || beyond.includes(right));
  return { role: link, rights };
}

async function memberRole({ viewer, loads }: Context, workspaceId: string): Promise<Role | undefined> {
  const isPerson = viewer.kind === 'local' || viewer.kind === 'account';
  return isPerson && viewer.userId !== null ? loads.role(workspaceId, viewer.userId) : undefined;
}

async function linkRole(ctx: Context, workspaceId: string, sessionId: string | null): Promise<Role | undefined> {
  const { share } = ctx.viewer;
  if (!share || share.workspaceId !== workspaceId) return undefined;
  if (share.sessionId !== null && share.sessionId !== sessionId) return undefined;
  return (await ctx.loads.linkIsOpen(share.linkId)) ? SHARE_ROLES[share.access] : undefined;
}

/**
 * @throws UnauthenticatedError for nobody; NotFoundError for somebody outside, so that existence is never told;
 * ForbiddenError for somebody inside without the right
 */
export async function requireRight(ctx: Context, right: Right, scope: Scope, what = 'workspace'): Promise<Access> {
  const access = await accessTo(ctx, scope);
  if (!access) throw ctx.viewer.kind === 'nobody' ? new UnauthenticatedError() : new NotFoundError(what);
  if (!access.rights.includes(right)) throw new ForbiddenError(right, RIGHTS[right].role);
  return access;
}

/** Whether the viewer has a right, without an error. */
export async function hasRight(ctx: Context, right: Right, scope: Scope): Promise<boolean> {
  return (await accessTo(ctx, scope))?.rights.includes(right) ?? false;
}

/** The id of a signed-in person. @throws UnauthenticatedError for guests and nobody */
export function requirePerson({ viewer }: Context): string {
  if (viewer.userId === null || viewer.kind === 'guest' || viewer.kind === 'nobody') throw new UnauthenticatedError();
  return viewer.userId;
}

/** The id under which a change is recorded: a person's, or `guest_<link id>`. @throws UnauthenticatedError for nobody */
export function actorOf({ viewer }: Context): string {
  if (viewer.userId === null) throw new UnauthenticatedError();
  return viewer.userId;
}
