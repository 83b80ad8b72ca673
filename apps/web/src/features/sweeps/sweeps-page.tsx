// All sweeps of the workspace, and a way to start one.
'use client';
import { Grid3x3, Plus } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useQuery } from 'urql';
import { AppShell } from '../../shell/app-shell.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Menu } from '../../ui/menu.tsx';
import { formatAgo } from '../run/format.ts';
import { Loading, WorkspaceGate } from '../run/workspace-gate.tsx';
import { axisLabel } from './axis-values.ts';
import { CreateSweepDialog } from './create-sweep-dialog.tsx';
import { SweepSessionsDocument, SweepsDocument } from './documents.ts';

export function SweepsPage() {
  return (
    <AppShell>
      <WorkspaceGate>{(workspace) => <Sweeps workspaceId={workspace.id} />}</WorkspaceGate>
    </AppShell>
  );
}

function Sweeps({ workspaceId }: { readonly workspaceId: string }) {
  const [{ data, error }, again] = useQuery({ query: SweepsDocument, variables: { workspaceId, after: null } });
  if (error && !data) {
    const retry = () => again({ requestPolicy: 'network-only' });
    return <ErrorState title="The sweeps did not load." cause={error} onRetry={retry} className="m-auto" />;
  }
  if (!data) return <Loading label="Loading the sweeps" />;
  const sweeps = data.workspace?.sweeps.nodes ?? [];
  return (
    <div className="mx-auto flex w-full max-w-3xl grow flex-col gap-4 p-4">
      <header className="flex items-center justify-between gap-3">
        <h1 className="font-semibold text-base">Sweeps</h1>
        <NewSweep workspaceId={workspaceId} />
      </header>
      {sweeps.length === 0 ? (
        <EmptyState icon={Grid3x3} title="No sweeps yet." className="grow">
          A sweep runs a session with many values of a setting, and shows the pictures in a grid under one slider.
        </EmptyState>
      ) : (
        <ul className="divide-y overflow-hidden rounded-xl border bg-surface">
          {sweeps.map((sweep) => (
            <li key={sweep.id}>
              <Link
                href={`/sweeps/${sweep.id}`}
                className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-3 hover:bg-hover"
              >
                <span className="grow text-sm max-sm:basis-full">{sweep.name}</span>
                <span className="tabular text-ink-soft text-xs">{sweep.axes.map(describeAxis).join(' × ')}</span>
                <span className="whitespace-nowrap text-ink-faint text-xs max-sm:ml-auto">
                  {formatAgo(sweep.createdAt, Date.now())}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function describeAxis({ path, values }: { readonly path: string; readonly values: unknown }): string {
  return `${axisLabel(path)} (${Array.isArray(values) ? values.length : 0})`;
}

function NewSweep({ workspaceId }: { readonly workspaceId: string }) {
  const [{ data }] = useQuery({ query: SweepSessionsDocument, variables: { workspaceId } });
  const [sessionId, setSessionId] = useState<string | null>(null);
  const sessions = data?.workspace?.sessions.nodes.filter(({ rights }) => rights.includes('RUN')) ?? [];
  const [only] = sessions;
  const look = { look: 'primary', size: 'sm', icon: Plus } as const;
  return (
    <>
      {sessions.length > 1 ? (
        <Menu
          trigger={<Button {...look}>New sweep</Button>}
          groups={[sessions.map(({ id, name }) => ({ id, label: `From “${name}”`, onSelect: () => setSessionId(id) }))]}
        />
      ) : (
        <Button
          {...look}
          disabled={!only && 'There is no session that you may start runs in.'}
          onClick={() => only && setSessionId(only.id)}
        >
          New sweep
        </Button>
      )}
      {sessionId && (
        <CreateSweepDialog
          workspaceId={workspaceId}
          sessionId={sessionId}
          open
          onOpenChange={(open) => {
            if (!open) setSessionId(null);
          }}
        />
      )}
    </>
  );
}
