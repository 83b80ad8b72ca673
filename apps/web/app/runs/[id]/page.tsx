// One run: its steps, its tokens, its discussion.
import { RunPage } from '../../../src/features/run/run-page.tsx';

export default async function Page({
  params,
  searchParams,
}: {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<{ readonly step?: string }>;
}) {
  const { id } = await params;
  const step = Number((await searchParams).step ?? Number.NaN);
  return <RunPage key={id} runId={decodeURIComponent(id)} step={Number.isInteger(step) && step >= 0 ? step : null} />;
}
