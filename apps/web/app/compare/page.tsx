// Runs beside each other.
import type { Metadata } from 'next';
import { ComparePage } from '../../src/features/compare/compare-page.tsx';

export const metadata: Metadata = { title: 'Compare' };

export default async function Page({ searchParams }: { readonly searchParams: Promise<{ readonly runs?: string }> }) {
  const { runs = '' } = await searchParams;
  return <ComparePage query={String(runs)} />;
}
