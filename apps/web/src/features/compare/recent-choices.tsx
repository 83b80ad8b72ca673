// The workspace's runs to choose among: searched by words, and more of them as one scrolls.
'use client';
import { Search } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { TextInput } from '../../ui/field.tsx';
import { Loading } from '../run/workspace-gate.tsx';
import { type ChosenProps, RunChoices } from './run-choices.tsx';
import { useRecentRuns } from './use-recent-runs.ts';

/** ms without a key before the list follows. */
const PAUSE_MS = 250;

export function RecentChoices({ workspaceId, ...chosen }: ChosenProps & { readonly workspaceId: string }) {
  const [typed, setTyped] = useState('');
  const [text, setText] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setText(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const { runs, loaded, loading, error, hasMore, more } = useRecentRuns(workspaceId, text);
  const none = loaded && !loading && error === undefined && runs.length === 0;
  if (none && text === '') return <NoRuns />;
  return (
    <div className="flex flex-col gap-3">
      <div className="relative">
        <Search
          aria-hidden
          className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 size-4 text-ink-faint"
        />
        <TextInput
          type="search"
          aria-label="Search runs"
          placeholder="Words of a prompt or name"
          value={typed}
          maxLength={500}
          onChange={(event) => setTyped(event.target.value)}
          className="pl-8"
        />
      </div>
      {/* As high while it searches as before: the field stays under the pointer. */}
      <div className="min-h-80" aria-busy={loading}>
        {none && (
          <EmptyState title="No run has these words.">Try fewer words, or only the beginning of one.</EmptyState>
        )}
        {!loaded && loading && <Loading label="Loading the runs" />}
        <RunChoices runs={runs} {...chosen} />
        {error !== undefined && <ErrorState title="The runs did not load." cause={error} onRetry={more} />}
        {hasMore && error === undefined && <More busy={loading} onMore={more} />}
      </div>
    </div>
  );
}

function NoRuns() {
  return (
    <EmptyState title="There are no runs yet.">
      Start some in{' '}
      <Link href="/" className="text-accent underline underline-offset-2">
        the session
      </Link>
      .
    </EmptyState>
  );
}

/** Asks when it comes into view, or is pressed. */
function More({ busy, onMore }: { readonly busy: boolean; readonly onMore: () => void }) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(onMore);
  latest.current = onMore;
  useEffect(() => {
    // Observed anew after each page: it may be in view still.
    if (busy || !end.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current());
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [busy]);
  return (
    <div ref={end} className="flex justify-center pt-3">
      <Button size="sm" busy={busy} onClick={onMore}>
        Show more
      </Button>
    </div>
  );
}
