// The tree of forks around a run.
'use client';
import { GitFork } from 'lucide-react';
import Link from 'next/link';
import { useCallback, useEffect, useState } from 'react';
import { cx } from '../../lib/cx.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { type FamilyRow, loadFamily } from './family.ts';
import { formatNumber } from './format.ts';
import { runTitle } from './run-title.ts';
import { StatusPill } from './status-pill.tsx';
import { Thumb } from './thumb.tsx';
import { Loading } from './workspace-gate.tsx';

export function FamilyTree({ runId }: { readonly runId: string }) {
  const [rows, setRows] = useState<readonly FamilyRow[] | null>(null);
  const [cause, setCause] = useState<unknown>(null);
  const load = useCallback(async () => {
    setCause(null);
    try {
      setRows(await loadFamily(runId));
    } catch (error) {
      setCause(error);
    }
  }, [runId]);
  useEffect(() => void load(), [load]);
  if (cause) return <ErrorState title="The forks did not load." cause={cause} onRetry={() => void load()} />;
  if (!rows) return <Loading />;
  if (rows.length <= 1) {
    return (
      <EmptyState icon={GitFork} title="This run stands alone.">
        Fork it at any step with another prompt, mask or setting; the branches appear here.
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Forks" className="flex flex-col gap-1">
      {rows.map((row) => (
        <Branch key={row.branch.id} row={row} />
      ))}
    </ul>
  );
}

function Branch({ row: { branch, depth, self } }: { readonly row: FamilyRow }) {
  return (
    <li style={{ paddingLeft: depth * 18 }}>
      <Link
        href={`/runs/${branch.id}`}
        aria-current={self ? 'page' : undefined}
        className={cx('flex items-center gap-2.5 rounded-lg p-1.5 hover:bg-hover', self && 'bg-accent-soft')}
      >
        <Thumb url={branch.picture?.url} className="size-9 rounded-md object-cover" />
        <span className="min-w-0 grow">
          <span className="block truncate text-xs">{runTitle(branch)}</span>
          <span className="tabular block text-2xs text-ink-soft">
            {branch.forkStep === null ? 'from its start' : `forked at step ${branch.forkStep}`}, {branch.stepCount}{' '}
            steps
            {branch.score !== null && `, score ${formatNumber(branch.score)}`}
          </span>
        </span>
        <StatusPill status={branch.status} />
      </Link>
    </li>
  );
}
