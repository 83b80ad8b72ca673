// A sweep: its runs as a grid of pictures under one slider.
'use client';
import { SearchX, SplitSquareHorizontal } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { AppShell } from '../../shell/app-shell.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { MOST_COMPARED } from '../compare/address.ts';
import { SharedSlider } from '../compare/shared-slider.tsx';
import { count, formatAgo } from '../run/format.ts';
import { isMissing } from '../run/is-missing.ts';
import { QueryButton } from '../run/query-panel.tsx';
import { sweepQuery } from '../run/query-text.ts';
import { hasEnded } from '../run/status.ts';
import { Loading } from '../run/workspace-gate.tsx';
import { axisLabel, showAxisValue } from './axis-values.ts';
import { type SweepDetails, SweepDocument } from './documents.ts';
import { gridsOf } from './grid.ts';
import { SweepGrid } from './sweep-grid.tsx';

/** ms; while runs of the sweep are computed. */
const LOOK_MS = 1500;

export function SweepPage({ sweepId }: { readonly sweepId: string }) {
  const [{ data, error }, again] = useQuery({ query: SweepDocument, variables: { id: sweepId } });
  const sweep = data?.sweep;
  const active = sweep?.runs.some(({ status }) => !hasEnded(status)) ?? false;
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => {
      if (!document.hidden) again({ requestPolicy: 'network-only' });
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [active, again]);
  useEffect(() => {
    if (sweep) document.title = `${sweep.name} · Tessera`;
  }, [sweep]);
  const retry = () => again({ requestPolicy: 'network-only' });
  return (
    <AppShell full>
      {error && !sweep && !isMissing(error) ? (
        <ErrorState title="The sweep did not load." cause={error} onRetry={retry} className="m-auto" />
      ) : !data && !error ? (
        <Loading label="Loading the sweep" />
      ) : sweep ? (
        <SweepView sweep={sweep} />
      ) : (
        <EmptyState icon={SearchX} title="There is no such sweep." className="grow">
          It was deleted, or it belongs to a workspace that you are not a member of.
        </EmptyState>
      )}
    </AppShell>
  );
}

function SweepView({ sweep }: { readonly sweep: SweepDetails }) {
  const last = Math.max(0, ...sweep.runs.map(({ stepCount }) => stepCount - 1));
  const [wanted, setWanted] = useState<number | null>(null);
  const step = Math.min(wanted ?? last, last);
  const axes = useMemo(
    () =>
      sweep.axes.map(({ path, values }) => ({
        path,
        values: Array.isArray(values) ? (values as readonly unknown[]) : [],
      })),
    [sweep.axes],
  );
  const grids = useMemo(
    () => gridsOf(axes, sweep.runs, ({ path, values }, index) => `${axisLabel(path)} ${showAxisValue(values[index])}`),
    [axes, sweep.runs],
  );
  const ended = sweep.runs.filter(({ status }) => hasEnded(status)).length;
  const best = sweep.runs.reduce<SweepDetails['runs'][number] | null>(
    (top, run) => (run.score !== null && run.score > (top?.score ?? Number.NEGATIVE_INFINITY) ? run : top),
    null,
  );
  const compared = sweep.runs.slice(0, MOST_COMPARED).map(({ id }) => id);
  return (
    <div className="mx-auto flex min-h-0 w-full max-w-7xl grow flex-col gap-3 p-4 max-md:p-3">
      <header className="flex shrink-0 flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h1 className="text-balance font-semibold text-base">{sweep.name}</h1>
          <p className="tabular text-ink-soft text-xs">
            {ended < sweep.runs.length
              ? `${ended} of ${count(sweep.runs.length, 'run')} have ended`
              : count(sweep.runs.length, 'run')}
            , {sweep.createdBy?.name ?? 'somebody who left'}, {formatAgo(sweep.createdAt, Date.now())}
            {sweep.session && (
              <>
                {' in '}
                <Link href={`/s/${sweep.session.id}`} className="underline underline-offset-2 hover:text-ink">
                  {sweep.session.name}
                </Link>
              </>
            )}
          </p>
        </div>
        <div className="-ml-0.5 flex items-center gap-1">
          {compared.length > 1 && (
            <Link
              href={`/compare?runs=${compared.join(',')}`}
              className="flex h-7 items-center gap-1.5 rounded-md border bg-surface px-2 text-xs hover:bg-hover"
            >
              <SplitSquareHorizontal aria-hidden className="size-4" />
              Compare
            </Link>
          )}
          <QueryButton query={sweepQuery(sweep.id, step)} />
        </div>
      </header>
      <section
        aria-label="Pictures"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        data-sweep-scroll
        className="thin-scroll flex min-h-0 grow flex-col items-start gap-6 overflow-auto rounded-lg focus-visible:-outline-offset-2"
      >
        {grids.map((grid) => (
          <SweepGrid
            key={grid.title}
            grid={grid}
            across={axes[0] ? axisLabel(axes[0].path) : ''}
            down={axes[1] ? axisLabel(axes[1].path) : null}
            step={step}
            bestId={best?.id ?? null}
          />
        ))}
      </section>
      <SharedSlider step={step} last={last} onStep={setWanted} />
    </div>
  );
}
