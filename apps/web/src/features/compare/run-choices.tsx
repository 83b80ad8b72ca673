// Runs to choose among, as pictures that are pressed or not.
'use client';
import { cx } from '../../lib/cx.ts';
import { runTitle } from '../run/run-title.ts';
import { Thumb } from '../run/thumb.tsx';

export interface PickableRun {
  readonly id: string;
  readonly name: string | null;
  readonly prompts: readonly string[];
  readonly picture: { readonly url: string } | null;
}

export interface ChosenProps {
  readonly chosen: readonly string[];
  readonly onToggle: (id: string) => void;
}

export function RunChoices({ runs, chosen, onToggle }: ChosenProps & { readonly runs: readonly PickableRun[] }) {
  return (
    <ul aria-label="Runs" className="grid grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))] gap-2">
      {runs.map((run) => {
        const on = chosen.includes(run.id);
        return (
          <li key={run.id}>
            <button
              type="button"
              aria-pressed={on}
              title={runTitle(run)}
              onClick={() => onToggle(run.id)}
              className={cx(
                'w-full rounded-lg border p-1 text-left',
                on ? 'border-accent bg-accent-soft ring-1 ring-accent' : 'bg-surface hover:bg-hover',
              )}
            >
              <Thumb url={run.picture?.url} className="aspect-square w-full rounded-md object-cover" />
              <span className="mt-1 block truncate text-2xs">{runTitle(run)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
