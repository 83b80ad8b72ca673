// Two pictures against each other.
'use client';
import Link from 'next/link';
import { type PointerEvent, useState } from 'react';
import { cx } from '../../lib/cx.ts';
import { Slider } from '../../ui/slider.tsx';
import { runTitle } from '../run/run-title.ts';
import { StepImage } from '../run/step-image.tsx';

const SIZE = 512;

export interface Side {
  readonly place: {
    readonly runId: string;
    readonly run: { readonly name: string | null; readonly prompts: readonly string[] };
  };
  readonly step: number | null;
  /** A picture of the step that is here already. */
  readonly frame?: string | null;
}

export interface PairProps {
  readonly a: Side;
  readonly b: Side;
}

function Picture({
  place,
  step,
  frame = null,
  className,
  imageClassName,
}: Side & { readonly className?: string; readonly imageClassName?: string }) {
  return (
    <StepImage
      runId={place.runId}
      step={step}
      size={SIZE}
      frame={frame}
      alt={`${runTitle(place.run)}, step ${step ?? 0}`}
      {...(className && { className })}
      {...(imageClassName && { imageClassName })}
    />
  );
}

/** On a phone two lines of the title, and the step below it; one line where there is room. */
function Caption({ place, step, letter, className }: Side & { readonly letter: string; readonly className?: string }) {
  return (
    <span className={cx('flex min-w-0 items-baseline gap-1.5 text-sm leading-snug', className)}>
      <b className="font-medium">{letter}</b>
      <span className="min-w-0 sm:flex sm:items-baseline sm:gap-1.5">
        <Link
          href={`/runs/${place.runId}${step === null ? '' : `?step=${step}`}`}
          title={runTitle(place.run)}
          className="line-clamp-2 hover:underline sm:line-clamp-1"
        >
          {runTitle(place.run)}
        </Link>
        <span className="tabular block whitespace-nowrap text-2xs text-ink-soft">step {step ?? '–'}</span>
      </span>
    </span>
  );
}

/** Under one picture of both. */
function Captions({ a, b }: PairProps) {
  return (
    <div className="mt-1.5 grid grid-cols-2 gap-3">
      <Caption {...a} letter="A" />
      <Caption {...b} letter="B" className="sm:justify-end" />
    </div>
  );
}

export function SideBySide({ a, b }: PairProps) {
  return (
    <div className="grid grid-cols-2 gap-3">
      {[a, b].map((side, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the places are first and second
        <div key={i} className="min-w-0">
          <Picture {...side} className="rounded-xl border" />
          <Caption {...side} letter={i === 0 ? 'A' : 'B'} className="mt-1.5" />
        </div>
      ))}
    </div>
  );
}

export function Swipe({ a, b }: PairProps) {
  const [share, setShare] = useState(50);
  const move = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === 'pointermove' && event.buttons === 0) return;
    const box = event.currentTarget.getBoundingClientRect();
    setShare(Math.round(Math.min(100, Math.max(0, ((event.clientX - box.left) / box.width) * 100))));
  };
  return (
    <div className="mx-auto max-w-xl">
      <div
        className="relative cursor-ew-resize touch-none overflow-hidden rounded-xl border"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          move(event);
        }}
        onPointerMove={move}
      >
        <Picture {...a} />
        <div className="absolute inset-0" style={{ clipPath: `inset(0 0 0 ${share}%)` }}>
          <Picture {...b} />
        </div>
        <span
          aria-hidden
          className="pointer-events-none absolute inset-y-0 w-0.5 bg-white shadow"
          style={{ left: `${share}%` }}
        />
      </div>
      <Captions a={a} b={b} />
      <Slider
        label="Divider between A and B"
        max={100}
        value={share}
        valueText={`${share} % of A`}
        onChange={setShare}
        className="mt-1"
      />
    </div>
  );
}

const GAINS = [1, 2, 4, 8] as const;

export function Difference({ a, b }: PairProps) {
  const [gain, setGain] = useState<number>(2);
  return (
    <div className="mx-auto max-w-xl">
      <div
        className="relative isolate overflow-hidden rounded-xl border bg-black"
        style={{ filter: `brightness(${gain})` }}
      >
        <Picture {...a} />
        <div className="absolute inset-0 mix-blend-difference">
          <Picture {...b} />
        </div>
      </div>
      <Captions a={a} b={b} />
      <fieldset className="mt-2 flex items-center gap-1 text-xs">
        <legend className="float-left mr-1 text-ink-faint">Black where they agree. Stronger:</legend>
        {GAINS.map((value) => (
          <button
            key={value}
            type="button"
            aria-pressed={gain === value}
            onClick={() => setGain(value)}
            className={cx('tabular h-6 rounded px-1.5', gain === value ? 'bg-hover' : 'text-ink-soft hover:bg-hover')}
          >
            {value}×
          </button>
        ))}
      </fieldset>
    </div>
  );
}
