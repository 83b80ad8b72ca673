// The library of pictures that runs begin with.
import type { Metadata } from 'next';
import { SeedsPage } from '../../src/features/seeds/seeds-page.tsx';

export const metadata: Metadata = { title: 'Seeds' };

export default async function Page({ searchParams }: { readonly searchParams: Promise<{ readonly seed?: string }> }) {
  const { seed } = await searchParams;
  return <SeedsPage seedId={seed ?? null} />;
}
