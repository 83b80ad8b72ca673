// The place of the curve: as high without a run, and while the chart's code is on its way, as with it.
'use client';
import dynamic from 'next/dynamic';
import { useTrack } from '../view/view-context.tsx';

const LossChart = dynamic(() => import('./loss-chart.tsx').then((module) => module.LossChart), {
  loading: () => <div aria-busy className="h-[170px]" />,
});

export function Curve() {
  const hasRun = useTrack((track) => track !== null);
  if (hasRun) return <LossChart />;
  return (
    <p className="flex h-[170px] items-center justify-center text-balance px-4 text-center text-ink-faint text-xs">
      The loss of a run is drawn here, and beside it what an independent meter says.
    </p>
  );
}
