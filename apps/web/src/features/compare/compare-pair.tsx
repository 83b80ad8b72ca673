// Two runs, or two steps of a run: side by side, swiped, as their difference; and the tokens that make it.
'use client';
import { Link2, Link2Off } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { IconButton } from '../../ui/icon-button.tsx';
import { Slider } from '../../ui/slider.tsx';
import { runTitle } from '../run/run-title.ts';
import { Transport } from '../run/transport.tsx';
import type { Compared } from './address.ts';
import type { ComparedPlace } from './compare-page.tsx';
import { Curves } from './curves.tsx';
import { DifferingSettings } from './differing-settings-table.tsx';
import { PairView, PairViewChoice, type PairViewName } from './pair-views.tsx';
import { SharedSlider } from './shared-slider.tsx';
import { TokenDifference } from './token-difference.tsx';

export interface ComparePairProps {
  readonly a: ComparedPlace;
  readonly b: ComparedPlace;
  readonly onCompared: (compared: readonly Compared[]) => void;
}

export function ComparePair({ a, b, onCompared }: ComparePairProps) {
  const [view, setView] = useState<PairViewName>('side');
  const [wanted, setWanted] = useState<number | null>(null);
  const linked = a.step === null && b.step === null;
  const last = Math.max(0, a.last, b.last);
  const shared = Math.min(wanted ?? last, last);
  const stepOf = (place: ComparedPlace) =>
    place.last < 0 ? null : Math.min(linked ? shared : (place.step ?? place.last), place.last);
  const [stepA, stepB] = [stepOf(a), stepOf(b)];
  const place = (which: ComparedPlace, step: number | null): Compared => ({ runId: which.runId, step });
  const unlink = () => onCompared([place(a, stepA ?? 0), place(b, stepB ?? 0)]);
  const link = () => {
    setWanted(stepA);
    onCompared([place(a, null), place(b, null)]);
  };
  /** With a slider for each, that of A. */
  const goTo = (to: number) =>
    linked ? setWanted(Math.min(to, last)) : onCompared([place(a, Math.min(to, a.last)), place(b, stepB ?? 0)]);
  const sides = { a: { place: a, step: stepA }, b: { place: b, step: stepB } };
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <PairViewChoice view={view} onView={setView} />
        <IconButton
          icon={linked ? Link2 : Link2Off}
          label={linked ? 'Give each its own step' : 'One slider for both'}
          pressed={linked}
          onClick={linked ? unlink : link}
        />
      </div>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="min-w-0">
          <PairView view={view} {...sides} />
          {!linked && (
            <div className="mt-3 grid gap-3 sm:grid-cols-2">
              <OwnSlider
                place={a}
                step={stepA ?? 0}
                onStep={(step) => onCompared([place(a, step), place(b, stepB ?? 0)])}
              />
              <OwnSlider
                place={b}
                step={stepB ?? 0}
                onStep={(step) => onCompared([place(a, stepA ?? 0), place(b, step)])}
              />
            </div>
          )}
        </div>
        {stepA !== null && stepB !== null && <TokenDifference a={a.run} b={b.run} stepA={stepA} stepB={stepB} />}
      </div>
      {linked && <SharedSlider step={shared} last={last} onStep={setWanted} />}
      <Curves places={[a, b]} step={linked ? shared : (stepA ?? 0)} onStep={goTo} />
      <DifferingSettings places={[a, b]} />
    </>
  );
}

interface OwnSliderProps {
  readonly place: ComparedPlace;
  readonly step: number;
  readonly onStep: (step: number) => void;
}

function OwnSlider({ place, step, onStep }: OwnSliderProps) {
  const last = Math.max(0, place.last);
  return (
    <div className="rounded-lg border bg-surface px-3 py-2">
      <Link href={`/runs/${place.runId}`} className="block truncate text-xs hover:underline">
        {runTitle(place.run)}
      </Link>
      <Transport step={step} first={0} last={last} onStep={onStep} />
      <Slider
        label={`Step of ${runTitle(place.run)}`}
        max={Math.max(1, last)}
        value={step}
        valueText={`step ${step} of ${last}`}
        onChange={(next) => onStep(Math.min(next, last))}
      />
    </div>
  );
}
