// What people say about the shown run, and where a comment on its step, a token or a region is written.
'use client';
import { SquareDashedMousePointer } from 'lucide-react';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Comments } from '../../run/comments.tsx';
import { useSession, useWhyNot } from '../session-context.tsx';
import { useShown } from '../view/shown.ts';
import { NOTHING_SELECTED } from '../view/view.ts';
import { useView, useViewStore } from '../view/view-context.tsx';
import { useSessionComments } from './comments-context.tsx';

export function CommentsPanel() {
  const view = useViewStore();
  const { viewer } = useSession();
  const mayNot = useWhyNot('COMMENT');
  const { runId, step } = useShown();
  const { comments, draft, onDraft } = useSessionComments();
  const focusKey = useView((state) => state.commentKey);
  const position = useView(({ selected }) => (selected.size === 1 ? ([...selected][0] ?? null) : null));
  const select = (to: number | null) => view.setState({ selected: to === null ? NOTHING_SELECTED : new Set([to]) });
  if (runId === null) {
    return <EmptyState title="There is no run to comment on.">Press Run, or choose one under “Runs”.</EmptyState>;
  }
  return (
    <div className="grid gap-3">
      {mayNot === undefined && (
        <Button
          size="sm"
          look="ghost"
          icon={SquareDashedMousePointer}
          aria-pressed={draft.drawing}
          disabled={step === null && 'There is no picture yet.'}
          onClick={() => {
            onDraft({ drawing: !draft.drawing });
            if (!draft.drawing) view.setState({ against: null, maskTool: 'off' });
          }}
          className="-ml-2 justify-self-start"
        >
          {draft.drawing ? 'Stop drawing' : 'Draw a region'}
        </Button>
      )}
      <Comments
        comments={comments}
        place={{ step: draft.step === undefined ? step : draft.step, position, region: draft.region }}
        onPlace={(place) => {
          onDraft({ step: place.step, region: place.region, drawing: false });
          if (place.position !== position) select(place.position);
          // What is written about a run stays with it when another begins.
          view.setState({ target: { type: 'run', runId } });
        }}
        onSent={() => {
          onDraft({ step: undefined, region: null });
          select(null);
        }}
        onShow={(place) => {
          if (place.step !== null) view.setState({ step: place.step, playing: false });
          onDraft({ region: place.region });
          select(place.position);
        }}
        userId={viewer.user?.id ?? null}
        canComment={mayNot === undefined}
        focusKey={focusKey}
      />
    </div>
  );
}
