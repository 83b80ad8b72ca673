// A session: the studio itself.
import type { Metadata } from 'next';
import { SessionPage } from '../../../src/features/session/session-page.tsx';

export const metadata: Metadata = { title: 'Session' };

export default async function Page({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  return <SessionPage sessionId={decodeURIComponent(id)} />;
}
