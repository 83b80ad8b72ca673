// The session page.
'use client';
import { AppShell } from '../../shell/app-shell.tsx';
import { SessionSkeleton } from './session-skeleton.tsx';

export function SessionPage({ sessionId }: { readonly sessionId: string }) {
  return (
    <AppShell full title={sessionId}>
      <SessionSkeleton />
    </AppShell>
  );
}
