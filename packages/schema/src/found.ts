// From a global id to a row that the viewer may see: the one way in for ids from outside.
import type { RowKind, Rows } from '@tessera/db';
import { accessTo, type Scope } from './access.ts';
import type { Context } from './context.ts';
import { NotFoundError, UnauthenticatedError } from './errors.ts';
import { globalId } from './input-checks.ts';
import { documentActor } from './sessions/actor.ts';

/** Where the rights over a row are looked up. */
const scopes: { readonly [K in Exclude<RowKind, 'User'>]: (row: Rows[K]) => Scope } = {
  Workspace: ({ id }) => ({ workspaceId: id }),
  Session: ({ id, workspaceId }) => ({ workspaceId, sessionId: id }),
  Seed: ({ workspaceId }) => ({ workspaceId }),
  Mask: ({ workspaceId }) => ({ workspaceId }),
  Comment: ({ workspaceId, sessionId }) => ({ workspaceId, sessionId }),
  ShareLink: ({ workspaceId }) => ({ workspaceId }),
  Invitation: ({ workspaceId }) => ({ workspaceId }),
  Run: ({ workspaceId, sessionId }) => ({ workspaceId, sessionId }),
  Sweep: ({ workspaceId, sessionId }) => ({ workspaceId, sessionId }),
};

export function scopeOf<K extends Exclude<RowKind, 'User'>>(kind: K, row: Rows[K]): Scope {
  return scopes[kind](row);
}

/**
 * The row with this (decoded) id, if the viewer may see it.
 * @throws NotFoundError where there is none or it is not open to the viewer, UnauthenticatedError for nobody
 */
export async function found<K extends Exclude<RowKind, 'User'>>(
  ctx: Context,
  kind: K,
  id: string,
  field?: string,
): Promise<Rows[K]> {
  const row = await ctx.loads.row(kind, id);
  if (row && (await mayView(ctx, kind, row))) return row;
  if (ctx.viewer.kind === 'nobody') throw new UnauthenticatedError();
  throw new NotFoundError(kind.toLowerCase(), field);
}

/** Whether the viewer may see a row. Holders of a session's link see the pictures that its document and runs need. */
export async function mayView<K extends Exclude<RowKind, 'User'>>(
  ctx: Context,
  kind: K,
  row: Rows[K],
): Promise<boolean> {
  if (await accessTo(ctx, scopeOf(kind, row))) return true;
  if (kind === 'Seed') return isNeededByShare(ctx, { seedId: row.id }, scopeOf(kind, row));
  if (kind === 'Mask') return isNeededByShare(ctx, { maskId: row.id }, scopeOf(kind, row));
  return commentOnRun(ctx, kind, row);
}

/** A comment may name only a run: it is open to whoever may see that run. */
async function commentOnRun<K extends Exclude<RowKind, 'User'>>(ctx: Context, kind: K, row: Rows[K]): Promise<boolean> {
  const runId = kind === 'Comment' && 'runId' in row ? row.runId : null;
  const run = runId ? await ctx.loads.row('Run', runId) : undefined;
  return run !== undefined && (await accessTo(ctx, scopeOf('Run', run))) !== undefined;
}

async function isNeededByShare(
  ctx: Context,
  picture: { readonly seedId: string } | { readonly maskId: string },
  { workspaceId }: Scope,
): Promise<boolean> {
  const { share } = ctx.viewer;
  if (!share?.sessionId || share.workspaceId !== workspaceId || !(await ctx.loads.linkIsOpen(share.linkId)))
    return false;
  const where = { workspaceId, sessionId: share.sessionId, ...picture };
  if ((await ctx.database.client.run.count({ where, take: 1 })) > 0) return true;
  if (!('seedId' in picture)) return false;
  // The document holds the id as clients know it.
  const { settings } = await ctx.documents.snapshot(share.sessionId, documentActor(ctx));
  return settings.seedId === globalId('Seed', picture.seedId);
}
