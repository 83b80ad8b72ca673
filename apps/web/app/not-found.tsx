// An address that leads nowhere.
import { Compass } from 'lucide-react';
import Link from 'next/link';
import { AppShell } from '../src/shell/app-shell.tsx';
import { EmptyState } from '../src/ui/empty-state.tsx';

export default function NotFound() {
  return (
    <AppShell>
      <EmptyState icon={Compass} title="There is nothing at this address." className="grow">
        The link may be old, or it was typed by hand.{' '}
        <Link href="/" className="text-accent underline underline-offset-2">
          Go to the studio
        </Link>
      </EmptyState>
    </AppShell>
  );
}
