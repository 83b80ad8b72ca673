// All runs of the workspace.
import type { Metadata } from 'next';
import { HistoryPage } from '../../src/features/history/history-page.tsx';

export const metadata: Metadata = { title: 'History' };

type Query = Readonly<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { readonly searchParams: Promise<Query> }) {
  const pairs = Object.entries(await searchParams).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return <HistoryPage query={new URLSearchParams(pairs).toString()} />;
}
