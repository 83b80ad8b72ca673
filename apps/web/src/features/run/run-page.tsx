// A run's page: loads it, keeps it fresh, and says in words why it cannot be shown.
'use client';
import { SearchX } from 'lucide-react';
import Link from 'next/link';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { AppShell } from '../../shell/app-shell.tsx';
import { PlaceName } from '../../shell/place-name.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { RunDocument } from './documents.ts';
import { isMissing } from './is-missing.ts';
import { RunSkeleton } from './run-skeleton.tsx';
import { runTitle } from './run-title.ts';
import { RunView } from './run-view.tsx';

/** `step` is what the address names. */
export function RunPage({ runId, step }: { readonly runId: string; readonly step: number | null }) {
  const [{ data, error }, again] = useQuery({ query: RunDocument, variables: { id: runId } });
  const refresh = () => again({ requestPolicy: 'network-only' });
  const run = data?.run;
  useEffect(() => {
    if (run) document.title = `${runTitle(run)} · Tessera`;
  }, [run]);
  const missing = isMissing(error) || (data && !run);
  if (error && !run && !missing) {
    return (
      <AppShell>
        <ErrorState title="The run did not load." cause={error} onRetry={refresh} className="m-auto" />
      </AppShell>
    );
  }
  if (missing) {
    return (
      <AppShell>
        <EmptyState
          icon={SearchX}
          title="There is no such run."
          className="grow"
          action={
            <Link href="/history" className="text-accent text-sm underline underline-offset-2">
              See all runs
            </Link>
          }
        >
          It was deleted, or it belongs to a workspace that you are not a member of.
        </EmptyState>
      </AppShell>
    );
  }
  return (
    <AppShell title={run && <InHistory workspace={run.workspace.name} />}>
      {run ? <RunView run={run} initialStep={step} refresh={refresh} /> : <RunSkeleton />}
    </AppShell>
  );
}

/** The run's own workspace, which need not be the one that other pages show. */
function InHistory({ workspace }: { readonly workspace: string }) {
  return (
    <PlaceName workspace={workspace}>
      <Link href="/history" prefetch={false} className="truncate rounded-sm underline-offset-2 hover:underline">
        History
      </Link>
    </PlaceName>
  );
}
