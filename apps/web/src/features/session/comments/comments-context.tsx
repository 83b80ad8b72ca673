// The comments of the shown run, and what the next one is pinned to.
'use client';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { type CommentPlace, type Comments, openThreads, useComments } from '../../run/use-comments.ts';
import { useSession } from '../session-context.tsx';
import { useTrack, useView } from '../view/view-context.tsx';

export interface CommentDraft {
  /** The step it is pinned to; undefined follows the shown step, null pins it to none. */
  readonly step: number | null | undefined;
  readonly region: CommentPlace['region'];
  /** Regions are drawn on the picture now. */
  readonly drawing: boolean;
}

const NO_DRAFT: CommentDraft = { step: undefined, region: null, drawing: false };

export interface SessionComments {
  readonly runId: string | null;
  readonly comments: Comments;
  /** Threads that nobody resolved. */
  readonly open: number;
  /** They are shown, and their regions on the picture with them. */
  readonly shown: boolean;
  readonly draft: CommentDraft;
  readonly onDraft: (change: Partial<CommentDraft>) => void;
}

const CommentsContext = createContext<SessionComments | null>(null);

export function CommentsProvider({ children }: { readonly children: ReactNode }) {
  const { session } = useSession();
  const runId = useTrack((track) => track?.runId ?? null);
  const shown = useView((state) => state.sideTab === 'comments');
  const comments = useComments(session.workspace.id, runId, session.id);
  const [kept, setKept] = useState<{ readonly runId: string | null; readonly draft: CommentDraft }>();
  // What was drawn on another run's picture means nothing here.
  const draft = kept?.runId === runId ? kept.draft : NO_DRAFT;
  const value = useMemo(
    (): SessionComments => ({
      runId,
      comments,
      open: openThreads(comments.comments),
      shown,
      draft,
      onDraft: (change) => setKept({ runId, draft: { ...draft, ...change } }),
    }),
    [runId, comments, shown, draft],
  );
  return <CommentsContext value={value}>{children}</CommentsContext>;
}

export function useSessionComments(): SessionComments {
  const value = useContext(CommentsContext);
  if (!value) throw new Error('useSessionComments() needs a CommentsProvider around it.');
  return value;
}
