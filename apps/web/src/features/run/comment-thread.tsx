// One comment with its replies.
'use client';
import { Check, Reply, RotateCcw, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { cx } from '../../lib/cx.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { CommentComposer, placeParts } from './comment-composer.tsx';
import type { Comment } from './comment-documents.ts';
import { formatAgo } from './format.ts';
import { type CommentPlace, type Comments, NOWHERE, type Thread } from './use-comments.ts';

export interface CommentThreadProps {
  readonly thread: Thread;
  readonly comments: Comments;
  readonly onShow: (place: CommentPlace) => void;
  readonly userId: string | null;
  readonly canComment: boolean;
}

export function CommentThread({ thread, comments, onShow, userId, canComment }: CommentThreadProps) {
  const [replying, setReplying] = useState(false);
  const { comment, replies } = thread;
  const resolved = comment.resolvedAt !== null;
  return (
    <li className={cx('rounded-lg border bg-surface p-3', resolved && 'opacity-75')}>
      <Said comment={comment} onShow={onShow}>
        {canComment && (
          <IconButton
            icon={resolved ? RotateCcw : Check}
            label={resolved ? 'Open it again' : 'Resolve'}
            size="sm"
            onClick={() => void comments.resolve(comment.id, !resolved)}
          />
        )}
        {canComment && comment.author?.id === userId && (
          <IconButton icon={Trash2} label="Delete" size="sm" onClick={() => void comments.remove(comment.id)} />
        )}
      </Said>
      {replies.length > 0 && (
        <ul className="mt-3 flex flex-col gap-3 border-l-2 pl-3">
          {replies.map((reply) => (
            <li key={reply.id}>
              <Said comment={reply} onShow={onShow}>
                {canComment && reply.author?.id === userId && (
                  <IconButton icon={Trash2} label="Delete" size="sm" onClick={() => void comments.remove(reply.id)} />
                )}
              </Said>
            </li>
          ))}
        </ul>
      )}
      {canComment && !resolved && (
        <div className="mt-2">
          {replying ? (
            <CommentComposer
              focusKey={1}
              place={NOWHERE}
              placeholder="Reply"
              send={async (body) => {
                const kept = await comments.add(body, NOWHERE, comment.id);
                if (kept) setReplying(false);
                return kept;
              }}
            />
          ) : (
            <Button look="ghost" size="sm" icon={Reply} onClick={() => setReplying(true)}>
              Reply
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

interface SaidProps {
  readonly comment: Comment;
  readonly onShow: (place: CommentPlace) => void;
  readonly children: ReactNode;
}

function Said({ comment, onShow, children }: SaidProps) {
  const { step, position, region } = comment;
  const place = { step, position, region };
  const parts = placeParts(place);
  return (
    <div>
      <div className="flex min-h-7 items-center gap-2 text-xs">
        <span className="truncate font-medium">{comment.author?.name ?? 'Guest'}</span>
        <time dateTime={comment.createdAt} className="whitespace-nowrap text-ink-faint">
          {formatAgo(comment.createdAt, Date.now())}
        </time>
        <span className="ml-auto flex">{children}</span>
      </div>
      <p className="whitespace-pre-wrap break-words text-sm">{comment.body}</p>
      {parts.length > 0 && (
        <button
          type="button"
          onClick={() => onShow(place)}
          className="tabular mt-1.5 rounded-full bg-accent-soft px-2 py-0.5 text-2xs hover:bg-hover"
        >
          at {parts.map(({ label }) => label).join(', ')}
        </button>
      )}
    </div>
  );
}
