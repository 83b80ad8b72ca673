// The grid of a sweep: the values of the first axis across, those of the second down, a picture in each cell.
'use client';
import { Star } from 'lucide-react';
import Link from 'next/link';
import { cx } from '../../lib/cx.ts';
import { formatNumber } from '../run/format.ts';
import { StatusPill } from '../run/status-pill.tsx';
import { StepImage } from '../run/step-image.tsx';
import { showAxisValue } from './axis-values.ts';
import type { SweepRun } from './documents.ts';
import type { Grid } from './grid.ts';

export interface SweepGridProps {
  readonly grid: Grid<SweepRun>;
  readonly across: string;
  readonly down: string | null;
  readonly step: number;
  readonly bestId: string | null;
}

export function SweepGrid({ grid, across, down, step, bestId }: SweepGridProps) {
  const width = `clamp(8rem, ${72 / grid.columns.length}vw, 14rem)`;
  return (
    <section aria-label={grid.title || 'Grid'}>
      {grid.title && <h2 className="mb-1 px-2 font-medium text-sm">{grid.title}</h2>}
      <table className="-mt-1 border-separate border-spacing-x-2 border-spacing-y-1 text-xs">
        <thead>
          <tr>
            <td className="max-w-24 align-bottom text-2xs text-ink-faint">{down ? `${down} ↓` : ''}</td>
            <th
              scope="colgroup"
              colSpan={grid.columns.length}
              className="text-left align-bottom font-normal text-2xs text-ink-faint"
            >
              {across} →
            </th>
          </tr>
          <tr>
            <td className="sticky top-0 left-0 z-20 bg-canvas" />
            {grid.columns.map((value) => (
              <th
                key={JSON.stringify(value)}
                scope="col"
                className="sticky top-0 z-10 bg-canvas py-1 text-left align-bottom font-medium"
              >
                <span className="block [overflow-wrap:anywhere]" style={{ width }}>
                  {showAxisValue(value)}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.rows.map((value, row) => (
            <tr key={JSON.stringify(value)}>
              <th
                scope="row"
                className="tabular sticky left-0 z-10 max-w-32 bg-canvas pt-1 pr-1 text-left align-top font-medium [overflow-wrap:anywhere]"
              >
                {down ? showAxisValue(value) : ''}
              </th>
              {grid.cells[row]!.map((run, column) => (
                <td key={run?.id ?? `empty-${grid.columns[column]}`} className="align-top">
                  <div style={{ width }}>
                    {run ? (
                      <Cell run={run} step={step} best={run.id === bestId} />
                    ) : (
                      <span className="text-ink-faint">deleted</span>
                    )}
                  </div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Cell({ run, step, best }: { readonly run: SweepRun; readonly step: number; readonly best: boolean }) {
  const own = run.stepCount - 1;
  const shown = Math.min(step, own);
  return (
    <Link href={`/runs/${run.id}`} prefetch={false} className="block rounded-lg">
      <StepImage
        runId={run.id}
        step={own < 0 ? null : shown}
        size={192}
        alt={`Step ${Math.max(0, shown)}`}
        className={cx('rounded-lg border', best && 'border-accent ring-1 ring-accent')}
      />
      <span className="tabular mt-1 flex items-center justify-between gap-1 text-2xs text-ink-soft">
        {run.score === null ? `loss ${formatNumber(run.loss, 3)}` : `score ${formatNumber(run.score, 3)}`}
        {best && <Star aria-label="Best score" className="size-3 text-accent" />}
        {run.status !== 'COMPLETED' && <StatusPill status={run.status} />}
      </span>
    </Link>
  );
}
