// Shows a page once the workspace is known; says in words why it cannot be shown.
'use client';
import { LogIn } from 'lucide-react';
import type { ReactNode } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { type CurrentWorkspace, useWorkspace } from './use-workspace.ts';

export function WorkspaceGate({ children }: { readonly children: (workspace: CurrentWorkspace) => ReactNode }) {
  const found = useWorkspace();
  switch (found.state) {
    case 'loading':
      return <Loading />;
    case 'error':
      return (
        <ErrorState title="The workspace did not load." cause={found.cause} onRetry={found.retry} className="m-auto" />
      );
    case 'none':
      return (
        <EmptyState icon={LogIn} title="There is no workspace to show." className="grow">
          Sign in, or ask somebody for an invitation or a share link.
        </EmptyState>
      );
    case 'ready':
      return children(found.workspace);
    default:
      return found satisfies never;
  }
}

export function Loading({ label = 'Loading' }: { readonly label?: string }) {
  return (
    <p role="status" className="m-auto flex items-center gap-2 p-10 text-ink-faint text-sm">
      <Spinner /> {label}…
    </p>
  );
}
