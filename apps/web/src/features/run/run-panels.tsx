// The panels beside a run: details, discussion, forks, neighbours, the query.
'use client';
import { useState } from 'react';
import { Tabs } from '../../ui/tabs.tsx';
import { Comments } from './comments.tsx';
import { Details } from './details.tsx';
import type { RunDetails } from './documents.ts';
import { FamilyTree } from './family-tree.tsx';
import { Neighbours } from './neighbours.tsx';
import { QueryPanel } from './query-panel.tsx';
import { runQuery } from './query-text.ts';
import { type CommentPlace, type Comments as CommentsState, openThreads } from './use-comments.ts';
import { useWorkspace } from './use-workspace.ts';

export interface RunPanelsProps {
  readonly run: RunDetails;
  readonly lastStep: number;
  /** What the newest step says, while the run goes on. */
  readonly newest: { readonly loss: number | null; readonly score: number | null };
  readonly comments: CommentsState;
  readonly canComment: boolean;
  readonly place: CommentPlace;
  readonly onPlace: (place: CommentPlace) => void;
  readonly onSent: () => void;
  readonly onShow: (place: CommentPlace) => void;
}

export function RunPanels({
  run,
  newest,
  lastStep,
  comments,
  canComment,
  place,
  onPlace,
  onSent,
  onShow,
}: RunPanelsProps) {
  const [tab, setTab] = useState('details');
  const viewer = useWorkspace();
  const open = openThreads(comments.comments);
  const tabs = [
    { id: 'details', label: 'Details', content: <Details run={run} stepCount={lastStep + 1} newest={newest} /> },
    {
      id: 'comments',
      label: open > 0 ? `Comments ${open}` : 'Comments',
      content: (
        <Comments
          comments={comments}
          place={place}
          onPlace={onPlace}
          onSent={onSent}
          onShow={onShow}
          userId={viewer.state === 'ready' ? viewer.workspace.userId : null}
          canComment={canComment}
        />
      ),
    },
    { id: 'forks', label: 'Forks', content: <FamilyTree runId={run.id} /> },
    {
      id: 'near',
      label: 'Similar',
      content: <Neighbours workspaceId={run.workspace.id} runId={run.id} hasCodebook={run.tokenKind === 'INDICES'} />,
    },
    { id: 'query', label: 'Query', content: <QueryPanel query={runQuery(run.id, lastStep)} /> },
  ];
  return (
    <aside
      aria-label="About this run"
      className="min-w-0 self-start rounded-xl border bg-surface lg:sticky lg:top-16 lg:max-h-[calc(100dvh-5rem)] lg:overflow-y-auto"
    >
      <Tabs
        label="About this run"
        value={tab}
        onChange={setTab}
        tabs={tabs.map((one) => ({
          ...one,
          content: one.id === tab ? <div className="p-4">{one.content}</div> : null,
        }))}
      />
    </aside>
  );
}
