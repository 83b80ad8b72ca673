// Any number of runs in a grid under one slider.
'use client';
import { X } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { IconButton } from '../../ui/icon-button.tsx';
import { formatNumber } from '../run/format.ts';
import { runTitle } from '../run/run-title.ts';
import { StatusPill } from '../run/status-pill.tsx';
import { StepImage } from '../run/step-image.tsx';
import type { ComparedPlace } from './compare-page.tsx';
import { Curves } from './curves.tsx';
import { DifferingSettings } from './differing-settings-table.tsx';
import { SharedSlider } from './shared-slider.tsx';

export interface CompareManyProps {
  readonly places: readonly ComparedPlace[];
  readonly onRemove: (index: number) => void;
}

export function CompareMany({ places, onRemove }: CompareManyProps) {
  const last = Math.max(0, ...places.map((place) => place.last));
  const [wanted, setWanted] = useState<number | null>(null);
  const step = Math.min(wanted ?? last, last);
  return (
    <>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,11rem),1fr))] gap-4 sm:grid-cols-[repeat(auto-fill,minmax(14rem,1fr))]">
        {places.map(({ key, run, last: own }, i) => (
          <li key={key} className="min-w-0">
            <StepImage
              runId={run.id}
              step={own < 0 ? null : Math.min(step, own)}
              size={256}
              alt={`${runTitle(run)}, step ${Math.min(step, own)}`}
              className="rounded-lg border"
            >
              <IconButton
                icon={X}
                label={`Take “${runTitle(run)}” out`}
                size="sm"
                onClick={() => onRemove(i)}
                className="absolute top-1 right-1 bg-surface/85"
              />
            </StepImage>
            <p className="mt-1.5 flex items-center gap-2 text-sm">
              <b className="font-medium">{String.fromCharCode(65 + i)}</b>
              <Link href={`/runs/${run.id}`} className="truncate hover:underline">
                {runTitle(run)}
              </Link>
              {run.status !== 'COMPLETED' && <StatusPill status={run.status} />}
            </p>
            <p className="tabular text-2xs text-ink-soft">
              {step > own ? `ended at step ${own}` : `step ${step}`}, loss {formatNumber(run.loss, 3)}
              {run.score !== null && `, score ${formatNumber(run.score, 3)}`}
            </p>
          </li>
        ))}
      </ul>
      <SharedSlider step={step} last={last} onStep={setWanted} />
      <Curves places={places} step={step} onStep={(to) => setWanted(Math.min(to, last))} />
      <DifferingSettings places={places} />
    </>
  );
}
