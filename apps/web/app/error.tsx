// What people see when a part of the page failed: nothing is lost, because nothing but the page was.
'use client';
import { AppShell } from '../src/shell/app-shell.tsx';
import { ErrorState } from '../src/ui/error-state.tsx';

export default function PageError({ error, reset }: { readonly error: Error; readonly reset: () => void }) {
  return (
    <AppShell>
      <ErrorState title="This part of the page failed." cause={error} onRetry={reset} className="m-auto" />
    </AppShell>
  );
}
