// The ways to look at two pictures, and the choice among them.
'use client';
import { cx } from '../../lib/cx.ts';
import { Difference, type PairProps, SideBySide, Swipe } from './pair-pictures.tsx';

const VIEWS = { side: 'Side by side', swipe: 'Swipe', difference: 'Difference' } as const;
export type PairViewName = keyof typeof VIEWS;

const PICTURES = { side: SideBySide, swipe: Swipe, difference: Difference } as const;

export function PairView({ view, ...sides }: PairProps & { readonly view: PairViewName }) {
  const Pictures = PICTURES[view];
  return <Pictures {...sides} />;
}

export interface PairViewChoiceProps {
  readonly view: PairViewName;
  readonly onView: (view: PairViewName) => void;
}

export function PairViewChoice({ view, onView }: PairViewChoiceProps) {
  return (
    <fieldset className="flex rounded-md border bg-surface p-0.5">
      <legend className="sr-only">How to compare</legend>
      {(Object.keys(VIEWS) as PairViewName[]).map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={view === name}
          onClick={() => onView(name)}
          className={cx(
            'h-7 whitespace-nowrap rounded px-2.5 text-xs',
            view === name ? 'bg-hover text-ink' : 'text-ink-soft hover:text-ink',
          )}
        >
          {VIEWS[name]}
        </button>
      ))}
    </fieldset>
  );
}
