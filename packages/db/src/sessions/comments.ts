// Comments, pinned to a session, a run, a step, a token or a region of the picture.
import { LIMITS } from '@tessera/protocol';
import { checkInteger, checkText } from '../checks.ts';
import { type Database, query, transaction } from '../database.ts';
import { InputError, NotFoundError } from '../errors.ts';
import { knownId, newId } from '../ids.ts';
import { edgeByTime, keysetOf, newestFirst, type Page, type PageRequest, pageOf } from '../page.ts';
import { readRun } from '../runs/run.ts';

/** A rectangle of the picture; all four are shares of its side, 0..1. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Comment {
  readonly id: string;
  readonly workspaceId: string;
  readonly sessionId: string | null;
  readonly runId: string | null;
  readonly replyToId: string | null;
  readonly step: number | null;
  /** Position of a token. */
  readonly position: number | null;
  readonly region: Region | null;
  readonly body: string;
  readonly authorId: string;
  readonly resolvedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewComment {
  readonly workspaceId: string;
  readonly authorId: string;
  readonly body: string;
  readonly sessionId?: string;
  readonly runId?: string;
  readonly step?: number;
  readonly position?: number;
  readonly region?: Region;
  readonly replyToId?: string;
}

/** @throws NotFoundError when what it is pinned to is not in the workspace, InputError */
export async function addComment(database: Database, input: NewComment): Promise<Comment> {
  const { workspaceId, authorId, sessionId, runId, step, position, region, replyToId } = input;
  const body = checkText('comment', input.body, LIMITS.commentCharacters.value);
  if (sessionId === undefined && runId === undefined) throw new InputError('comment', 'needs a session or a run');
  if (runId === undefined && (step !== undefined || position !== undefined)) {
    throw new InputError('comment', 'names a step or a position but no run');
  }
  if (region) checkRegion(region);
  return transaction(database, async (sql) => {
    if (sessionId !== undefined) {
      const found = await sql.studioSession.count({ where: { id: knownId('session', sessionId), workspaceId } });
      if (found === 0) throw new NotFoundError('session', sessionId);
    }
    if (runId !== undefined) {
      const run = await readRun(sql, workspaceId, runId);
      if (step !== undefined) checkInteger('step', step, 0, Math.max(run.nextStep - 1, 0));
      if (position !== undefined) checkInteger('position', position, 0, run.positions - 1);
    }
    if (replyToId !== undefined) {
      const found = await sql.comment.count({ where: { id: knownId('comment', replyToId), workspaceId } });
      if (found === 0) throw new NotFoundError('comment', replyToId);
    }
    const now = new Date();
    const row = await sql.comment.create({
      data: {
        id: newId(),
        workspaceId,
        authorId,
        body,
        sessionId: sessionId ?? null,
        runId: runId ?? null,
        step: step ?? null,
        position: position ?? null,
        replyToId: replyToId ?? null,
        region: region ? [region.x, region.y, region.width, region.height] : [],
        createdAt: now,
        updatedAt: now,
      },
    });
    return commentOf(row);
  });
}

/** Newest first, of a workspace, a session or a run. */
export async function listComments(
  database: Database,
  workspaceId: string,
  page: PageRequest,
  filter: { readonly sessionId?: string; readonly runId?: string; readonly resolved?: boolean } = {},
): Promise<Page<Comment>> {
  const keyset = keysetOf(page);
  const { where, ...order } = newestFirst(keyset);
  const which = {
    workspaceId,
    ...(filter.sessionId !== undefined && { sessionId: knownId('session', filter.sessionId) }),
    ...(filter.runId !== undefined && { runId: knownId('run', filter.runId) }),
    ...(filter.resolved !== undefined && { resolvedAt: filter.resolved ? { not: null } : null }),
  };
  const rows = await query(database, (sql) => sql.comment.findMany({ where: { ...which, ...where }, ...order }));
  return pageOf(rows, keyset, (row) => edgeByTime(commentOf(row)));
}

/** @throws NotFoundError */
export async function getComment(database: Database, workspaceId: string, commentId: string): Promise<Comment> {
  const where = { id: knownId('comment', commentId), workspaceId };
  const row = await query(database, (sql) => sql.comment.findFirst({ where }));
  if (!row) throw new NotFoundError('comment', commentId);
  return commentOf(row);
}

/** @throws NotFoundError, InputError */
export async function updateComment(
  database: Database,
  workspaceId: string,
  commentId: string,
  change: { readonly body?: string; readonly resolved?: boolean },
): Promise<Comment> {
  const data = {
    ...(change.body !== undefined && { body: checkText('comment', change.body, LIMITS.commentCharacters.value) }),
    ...(change.resolved !== undefined && { resolvedAt: change.resolved ? new Date() : null }),
    updatedAt: new Date(),
  };
  const where = { id: knownId('comment', commentId), workspaceId };
  await query(database, (sql) => sql.comment.updateMany({ where, data }));
  return getComment(database, workspaceId, commentId);
}

/** With its replies. @throws NotFoundError */
export async function deleteComment(database: Database, workspaceId: string, commentId: string): Promise<void> {
  const where = { id: knownId('comment', commentId), workspaceId };
  const { count } = await query(database, (sql) => sql.comment.deleteMany({ where }));
  if (count === 0) throw new NotFoundError('comment', commentId);
}

function checkRegion({ x, y, width, height }: Region): void {
  const inside = (from: number, size: number) => from >= 0 && size > 0 && from + size <= 1.000001;
  if (!inside(x, width) || !inside(y, height)) {
    throw new InputError('region', 'must lie inside the picture, in shares of its side from 0 to 1');
  }
}

type Row = Omit<Comment, 'region'> & { readonly region: readonly number[] };

export function commentOf({ region, ...row }: Row): Comment {
  const [x, y, width, height] = region;
  const has = x !== undefined && y !== undefined && width !== undefined && height !== undefined;
  return { ...row, region: has ? { x, y, width, height } : null };
}
