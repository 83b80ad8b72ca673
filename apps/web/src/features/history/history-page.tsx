// All runs of the workspace: search, filter, sort, select, and what can be done with many at once.
'use client';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { AppShell } from '../../shell/app-shell.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { count } from '../run/format.ts';
import type { CurrentWorkspace } from '../run/use-workspace.ts';
import { WorkspaceGate } from '../run/workspace-gate.tsx';
import { BulkBar } from './bulk-bar.tsx';
import type { RunCard } from './documents.ts';
import { HistoryEmpty } from './history-empty.tsx';
import { HistorySkeleton } from './history-skeleton.tsx';
import { RunGrid } from './run-grid.tsx';
import { extend, NOTHING, selectAll, toggle, without } from './selection.ts';
import { Toolbar } from './toolbar.tsx';
import { useLiveCards, useRunList } from './use-run-list.ts';
import { filterOf, type HistoryView, readView, writeView } from './view.ts';

/** `query` is what the address asks for. */
export function HistoryPage({ query }: { readonly query: string }) {
  return (
    <AppShell full>
      <WorkspaceGate>{(workspace) => <History workspace={workspace} query={query} />}</WorkspaceGate>
    </AppShell>
  );
}

interface HistoryProps {
  readonly workspace: CurrentWorkspace;
  readonly query: string;
}

function History({ workspace, query }: HistoryProps) {
  const [view, setView] = useState(() => readView(new URLSearchParams(query)));
  const [openedAt] = useState(() => Date.now());
  const [selection, setSelection] = useState(NOTHING);
  const [shown, setShown] = useState<readonly RunCard[]>([]);
  const onView = useCallback((change: Partial<HistoryView>) => setView((now) => ({ ...now, ...change })), []);
  useViewInAddress(view);

  const lookalike = view.search === 'picture' && view.text.trim() ? view.text.trim() : null;
  const { state, list, held } = useRunList({
    workspaceId: workspace.id,
    filter: filterOf(view, openedAt),
    orderBy: view.order,
    lookalike,
  });
  useLiveCards(list, shown);
  const { runs, total } = state;
  const order = useMemo(() => runs.map(({ id }) => id), [runs]);
  const selected = useMemo(() => runs.filter(({ id }) => selection.ids.has(id)), [runs, selection]);
  useShortcuts([{ keys: 'escape', label: 'Select nothing', group: 'History', run: () => setSelection(NOTHING) }]);

  const body = () => {
    if (state.trouble && runs.length === 0) {
      return (
        <ErrorState
          title="The history did not load."
          cause={new Error(state.trouble.message)}
          onRetry={list.more}
          className="m-auto"
        />
      );
    }
    if (total === null) return <HistorySkeleton layout={view.layout} />;
    if (runs.length === 0) return <HistoryEmpty view={view} onView={onView} />;
    return (
      <RunGrid
        key={held.key}
        runs={runs}
        similarity={state.similarity}
        layout={view.layout}
        selected={selection.ids}
        onToggle={(id, range) => setSelection((now) => (range ? extend(now, id, order) : toggle(now, id)))}
        onSelectAll={() => setSelection(selectAll(order))}
        onMore={list.more}
        hasMore={state.hasMore && !state.trouble}
        total={total}
        scroll={held}
        onShown={setShown}
      />
    );
  };
  return (
    <>
      <Toolbar workspaceId={workspace.id} view={view} onView={onView} />
      <p role="status" className="tabular px-4 pb-2 text-2xs text-ink-faint">
        {total === null ? 'Loading…' : lookalike ? `${count(total, 'run')}, nearest first` : count(total, 'run')}
      </p>
      {body()}
      <BulkBar
        runs={selected}
        can={workspace.can}
        onClear={() => setSelection(NOTHING)}
        onChanged={(action, done) => {
          if (action !== 'delete') return;
          list.remove(done);
          setSelection((now) => without(now, done));
        }}
      />
    </>
  );
}

function useViewInAddress(view: HistoryView): void {
  useEffect(() => {
    const query = writeView(view).toString();
    const url = `${window.location.pathname}${query && `?${query}`}`;
    if (url !== window.location.pathname + window.location.search) window.history.replaceState(null, '', url);
  }, [view]);
}
