// What the history says where it shows no run.
import { SearchX, Sparkles } from 'lucide-react';
import Link from 'next/link';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { filterCount, type HistoryView, PLAIN_VIEW } from './view.ts';

export interface HistoryEmptyProps {
  readonly view: HistoryView;
  readonly onView: (change: Partial<HistoryView>) => void;
}

export function HistoryEmpty({ view, onView }: HistoryEmptyProps) {
  const narrowed = view.text.trim() !== '' || filterCount(view) > 0;
  if (!narrowed) {
    return (
      <EmptyState
        icon={Sparkles}
        title="No runs yet."
        className="grow"
        action={
          <Link href="/" className="text-accent text-sm underline underline-offset-2">
            Open the session
          </Link>
        }
      >
        Every run of this workspace is kept here with all of its steps. Start one in a session.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={SearchX}
      title="No run fits."
      className="grow"
      action={<Button onClick={() => onView({ ...PLAIN_VIEW, layout: view.layout })}>Show all runs</Button>}
    >
      {view.search === 'words'
        ? 'The search looks for words of prompts and names. Try fewer filters, or search by picture.'
        : 'Pictures of finished runs are searched.'}
    </EmptyState>
  );
}
