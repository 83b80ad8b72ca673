// The discussion of a run: threads pinned to steps, tokens and regions.
'use client';
import { MessageSquare } from 'lucide-react';
import { useState } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { CommentComposer } from './comment-composer.tsx';
import { CommentThread } from './comment-thread.tsx';
import { type CommentPlace, type Comments as CommentsState, threadsOf } from './use-comments.ts';
import { Loading } from './workspace-gate.tsx';

export interface CommentsProps {
  readonly comments: CommentsState;
  /** What a new comment is pinned to. */
  readonly place: CommentPlace;
  readonly onPlace: (place: CommentPlace) => void;
  /** The place is free again. */
  readonly onSent: () => void;
  /** Shows what a comment is pinned to. */
  readonly onShow: (place: CommentPlace) => void;
  /** Null: the viewer may read only. */
  readonly userId: string | null;
  readonly canComment: boolean;
  readonly focusKey?: number;
}

export function Comments({
  comments,
  place,
  onPlace,
  onSent,
  onShow,
  userId,
  canComment,
  focusKey = 0,
}: CommentsProps) {
  const [showResolved, setShowResolved] = useState(false);
  const threads = threadsOf(comments.comments);
  const resolved = threads.filter(({ comment }) => comment.resolvedAt !== null).length;
  const shown = showResolved ? threads : threads.filter(({ comment }) => comment.resolvedAt === null);
  return (
    <div className="flex flex-col gap-4">
      {canComment && (
        <CommentComposer
          place={place}
          onPlace={onPlace}
          focusKey={focusKey}
          placeholder="Say something about this run"
          send={async (body) => {
            const kept = await comments.add(body, place, null);
            if (kept) onSent();
            return kept;
          }}
        />
      )}
      {comments.loading && <Loading />}
      {comments.error !== undefined && comments.comments.length === 0 && (
        <ErrorState title="The comments did not load." cause={comments.error} onRetry={comments.retry} />
      )}
      {!comments.loading && comments.error === undefined && threads.length === 0 && (
        <EmptyState icon={MessageSquare} title="Nobody has commented yet.">
          {canComment
            ? 'Choose a step, a token or draw a region on the picture, then write what you see there.'
            : 'You may read here; ask for the right to comment.'}
        </EmptyState>
      )}
      <ul className="flex flex-col gap-3">
        {shown.map((thread) => (
          <CommentThread
            key={thread.comment.id}
            thread={thread}
            comments={comments}
            onShow={onShow}
            userId={userId}
            canComment={canComment}
          />
        ))}
      </ul>
      {resolved > 0 && (
        <button
          type="button"
          onClick={() => setShowResolved(!showResolved)}
          className="self-start text-ink-soft text-xs underline underline-offset-2 hover:text-ink"
        >
          {showResolved ? 'Hide resolved' : `Show ${resolved} resolved`}
        </button>
      )}
    </div>
  );
}
