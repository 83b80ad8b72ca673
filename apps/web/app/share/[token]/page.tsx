// Opens a share link.
import type { Metadata } from 'next';
import { OpenShareLink } from '../../../src/features/share/open-share-link.tsx';

/** The address holds the secret: it must not leave with a link. */
export const metadata: Metadata = { title: 'Share link', referrer: 'no-referrer', robots: { index: false } };

export default async function Page({ params }: { readonly params: Promise<{ readonly token: string }> }) {
  const { token } = await params;
  return <OpenShareLink token={decodeURIComponent(token)} />;
}
