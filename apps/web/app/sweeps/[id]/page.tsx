// One sweep as a grid of pictures.
import { SweepPage } from '../../../src/features/sweeps/sweep-page.tsx';

export default async function Page({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  const { id } = await params;
  return <SweepPage key={id} sweepId={decodeURIComponent(id)} />;
}
