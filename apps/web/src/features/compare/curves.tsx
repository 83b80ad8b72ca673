// The curves of the compared runs over each other, with who is who and what each says at the shown step.
'use client';
import dynamic from 'next/dynamic';
import { useMemo, useState } from 'react';
import { cx } from '../../lib/cx.ts';
import { useTheme } from '../../theme/theme.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { formatNumber } from '../run/format.ts';
import { indexOfStep } from '../run/heat.ts';
import { runTitle } from '../run/run-title.ts';
import type { ComparedPlace } from './compare-page.tsx';
import { curveStyle } from './curve-colours.ts';
import { useCurves } from './use-curves.ts';

const CurvesPlot = dynamic(() => import('./curves-plot.tsx').then((module) => module.CurvesPlot), {
  loading: () => <div aria-busy className="h-[180px]" />,
});

const MEASURES = { loss: 'Loss', score: 'Independent meter' } as const;
type Measure = keyof typeof MEASURES;

export interface CurvesProps {
  readonly places: readonly ComparedPlace[];
  readonly step: number;
  readonly onStep: (step: number) => void;
}

export function Curves({ places, step, onStep }: CurvesProps) {
  const dark = useTheme((state) => state.dark);
  const [measure, setMeasure] = useState<Measure>('loss');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  // A run that is there at two steps has one curve.
  const runs = useMemo(() => [...new Map(places.map(({ run }) => [run.id, run])).values()], [places]);
  const { curves, error, retry } = useCurves(runs);
  const metered = [...curves.values()].some(({ score }) => score.some((value) => value !== null));
  const shown: Measure = metered ? measure : 'loss';
  const lines = runs.map((run, i) => {
    const curve = curves.get(run.id);
    const values = curve?.[shown] ?? [];
    const letter = String.fromCharCode(65 + places.findIndex(({ runId }) => runId === run.id));
    return {
      id: run.id,
      name: `${letter} ${runTitle(run)}`,
      steps: curve?.steps ?? [],
      values,
      ...curveStyle(i, dark),
    };
  });
  const visible = lines.filter(({ id }) => !hidden.has(id));
  const toggle = (id: string) => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    setHidden(next);
  };
  if (error !== undefined && curves.size === 0) {
    return <ErrorState title="The curves did not load." cause={error} onRetry={retry} />;
  }
  return (
    <section aria-label="Curves" className="rounded-xl border bg-surface p-3">
      <div className="mb-1 flex min-h-7 items-center gap-1 text-xs">
        {(metered ? (['loss', 'score'] as const) : (['loss'] as const)).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={shown === name}
            onClick={() => setMeasure(name)}
            className={cx('h-7 rounded px-2', shown === name ? 'bg-hover' : 'text-ink-soft hover:text-ink')}
          >
            {MEASURES[name]}
          </button>
        ))}
      </div>
      <CurvesPlot
        curves={visible}
        step={step}
        onStep={onStep}
        dark={dark}
        label={`${MEASURES[shown]} of ${visible.map(({ name }) => name).join(', ')} over the steps`}
      />
      <ul aria-label="Runs of the curves" className="tabular mt-1 flex flex-wrap gap-x-2 gap-y-0.5 text-xs">
        {lines.map(({ id, name, colour, dashed, steps, values }) => (
          <li key={id} className="min-w-0">
            <button
              type="button"
              aria-pressed={!hidden.has(id)}
              onClick={() => toggle(id)}
              className={cx(
                'flex h-6 max-w-72 items-center gap-1.5 rounded px-1.5 hover:bg-hover',
                hidden.has(id) && 'text-ink-faint line-through',
              )}
            >
              <span
                aria-hidden
                className="w-4 shrink-0 border-t-2"
                style={{ borderColor: colour, borderStyle: dashed ? 'dashed' : 'solid' }}
              />
              <span className="truncate">{name}</span>
              <span className="text-ink-soft">{formatNumber(lastAt(steps, values, step), 3)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The newest value at or before a step. */
function lastAt(steps: readonly number[], values: readonly (number | null)[], step: number): number | null {
  for (let at = indexOfStep(steps, step); at >= 0; at -= 1) {
    const value = values[at];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}
