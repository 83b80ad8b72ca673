// The comments of a run, kept fresh, and what people do with them.
'use client';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { follow } from '../../gql/follow.ts';
import { mutate } from '../../gql/mutate.ts';
import { showTrouble } from '../../gql/problem.ts';
import {
  AddCommentMutation,
  type Comment,
  CommentsChangedSubscription,
  DeleteCommentMutation,
  RunCommentsDocument,
  UpdateCommentMutation,
} from './comment-documents.ts';

/** What a comment is pinned to; all null: the run as a whole. */
export interface CommentPlace {
  readonly step: number | null;
  readonly position: number | null;
  /** Shares of the picture, 0..1. */
  readonly region: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } | null;
}

export const NOWHERE: CommentPlace = { step: null, position: null, region: null };

const NONE: readonly Comment[] = [];

/** ms between two looks where changes are not told. */
const LOOK_MS = 15_000;

export interface Comments {
  readonly comments: readonly Comment[];
  readonly loading: boolean;
  readonly error: unknown;
  readonly retry: () => void;
  /** Each answers whether it worked; trouble is shown as a toast. */
  readonly add: (body: string, place: CommentPlace, replyTo: string | null) => Promise<boolean>;
  readonly resolve: (id: string, resolved: boolean) => Promise<boolean>;
  readonly remove: (id: string) => Promise<boolean>;
}

/** `runId` null: there is no run, and nothing is asked. */
export function useComments(workspaceId: string, runId: string | null, sessionId: string | null): Comments {
  const [{ data, fetching, error }, again] = useQuery({
    query: RunCommentsDocument,
    variables: { id: runId ?? '' },
    pause: runId === null,
  });
  const none = runId === null;

  useEffect(() => {
    if (none) return;
    let timer: ReturnType<typeof setInterval> | undefined;
    const look = () => again({ requestPolicy: 'network-only' });
    const stop = follow(CommentsChangedSubscription, () => ({ workspaceId }), {
      next: ({ workspaceChanged }) => {
        if (workspaceChanged.kind === 'COMMENT') look();
      },
      // Holders of a link to one session are not told of the workspace's changes.
      error: () => {
        timer ??= setInterval(look, LOOK_MS);
      },
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [workspaceId, none, again]);

  const attempt = async (what: string, work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      again({ requestPolicy: 'network-only' });
      return true;
    } catch (cause) {
      showTrouble(what, cause);
      return false;
    }
  };
  return {
    comments: (data?.run?.id === runId && data?.run?.comments.nodes) || NONE,
    loading: fetching && data?.run?.id !== runId,
    error,
    retry: () => again({ requestPolicy: 'network-only' }),
    add: (body, place, replyTo) =>
      attempt('The comment was not kept.', () =>
        mutate(AddCommentMutation, { input: { workspaceId, runId, sessionId, body, replyTo, ...place } }),
      ),
    resolve: (id, resolved) =>
      attempt('The comment was not changed.', () =>
        mutate(UpdateCommentMutation, { input: { commentId: id, resolved } }),
      ),
    remove: (id) =>
      attempt('The comment was not deleted.', () => mutate(DeleteCommentMutation, { input: { commentId: id } })),
  };
}

export interface Thread {
  readonly comment: Comment;
  readonly replies: readonly Comment[];
}

/** Open threads first, each group newest first; replies in the order they were written. */
export function threadsOf(comments: readonly Comment[]): Thread[] {
  const byTime = (a: Comment, b: Comment) => a.createdAt.localeCompare(b.createdAt);
  const known = new Set(comments.map(({ id }) => id));
  const tops = comments.filter(({ replyTo }) => !replyTo || !known.has(replyTo));
  return [...tops]
    .sort((a, b) => Number(a.resolvedAt !== null) - Number(b.resolvedAt !== null) || byTime(b, a))
    .map((comment) => ({ comment, replies: comments.filter(({ replyTo }) => replyTo === comment.id).sort(byTime) }));
}

/** Threads that nobody resolved. */
export function openThreads(comments: readonly Comment[]): number {
  return comments.filter(({ resolvedAt, replyTo }) => !resolvedAt && !replyTo).length;
}
