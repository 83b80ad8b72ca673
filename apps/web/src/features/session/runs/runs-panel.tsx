// The session's runs as a small tree of forks; a click looks at one.
'use client';
import { ChevronRight, GitFork, ImageIcon, Pin } from 'lucide-react';
import Link from 'next/link';
import { cx } from '../../../lib/cx.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { useRunList, useRuns, useTrack, useView, useViewStore } from '../view/view-context.tsx';
import type { SessionRun } from './run-list.ts';
import { isComputing, STATUS_WORDS } from './run-status.ts';
import { type TreeRow, treeRows } from './run-tree.ts';

/** Deeper forks are shown at this depth. */
const DEEPEST = 5;

export function RunsPanel() {
  const list = useRunList();
  const { loaded, trouble, runs, total } = useRuns((view) => view);
  const shown = useTrack((track) => track?.runId ?? null);
  const status = useTrack((track) => track?.status ?? null);
  const done = useTrack((track) => track?.steps.at(-1) ?? null);
  const view = useViewStore();
  /** The list hears of changes of status only; the run that is looked at is known step by step. */
  const now = (run: SessionRun) => ({
    status: status ?? run.status,
    stepCount: done === null ? run.stepCount : done.step + 1,
    loss: done?.loss ?? run.loss,
  });
  const onSeed = useView(({ target }) => target.type === 'seed');
  if (!loaded && trouble !== null) {
    return <ErrorState title="The runs did not load." cause={trouble} onRetry={() => void list.refresh()} />;
  }
  if (!loaded) return <Skeleton className="h-40 w-full" />;
  if (runs.length === 0) {
    return (
      <EmptyState icon={GitFork} title="No runs yet">
        Press Run. Every run stays here with all of its steps, and can be forked at any of them.
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Runs" className="grid grid-cols-1 gap-0.5">
      <li>
        <button
          type="button"
          aria-current={onSeed ? 'true' : undefined}
          onClick={() => view.setState({ target: { type: 'seed' }, step: null, playing: false })}
          className={cx(
            'flex w-full items-center gap-2 rounded-md px-1.5 py-1 text-left text-xs hover:bg-hover',
            onSeed ? 'bg-accent-soft' : 'text-ink-soft',
          )}
        >
          <ImageIcon aria-hidden className="size-4" />
          Start picture
        </button>
      </li>
      {treeRows(runs).map((row) => (
        <RunRow
          key={row.run.id}
          row={row.run.id === shown ? { ...row, run: { ...row.run, ...now(row.run) } } : row}
          current={row.run.id === shown}
          onSelect={() =>
            view.setState({
              // The newest one stays the newest when another begins.
              target: row.run.id === runs[0]?.id ? { type: 'newest' } : { type: 'run', runId: row.run.id },
              step: null,
              playing: false,
            })
          }
        />
      ))}
      {total > runs.length && (
        <li className="px-1.5 py-1 text-2xs text-ink-faint">
          <Link href="/history" className="underline underline-offset-2">
            {total - runs.length} older runs are in the history
          </Link>
        </li>
      )}
    </ul>
  );
}

interface RunRowProps {
  readonly row: TreeRow;
  readonly current: boolean;
  readonly onSelect: () => void;
}

function RunRow({ row: { run, depth }, current, onSelect }: RunRowProps) {
  const { name, status, prompts, forkStep, stepCount, iterations, loss, pinned, picture, user, queuePosition } = run;
  const source = picture?.dataUrl ?? picture?.url;
  const ahead = queuePosition?.ahead ?? 0;
  const failed = status === 'FAILED' || status === 'DIVERGED';
  return (
    <li className="flex items-center" style={{ paddingLeft: `${Math.min(depth, DEEPEST) * 14}px` }}>
      <button
        type="button"
        onClick={onSelect}
        aria-current={current ? 'true' : undefined}
        data-run-row={run.id}
        className={cx(
          'flex min-w-0 grow items-center gap-2.5 rounded-md p-1.5 text-left hover:bg-hover',
          current && 'bg-accent-soft',
        )}
      >
        <span className="relative size-10 shrink-0 overflow-hidden rounded-sm border bg-sunken">
          {/* biome-ignore lint/performance/noImgElement: inline or signed pictures; nothing to optimise */}
          {source && <img src={source} alt="" width={40} height={40} className="size-full object-cover" />}
          {/* Its share of steps. Nothing that moves by itself: drawing it 60 times a second takes the run's own time. */}
          {isComputing(status) && (
            <span
              className="absolute bottom-0 left-0 h-0.5 bg-accent"
              style={{ width: `${(100 * stepCount) / Math.max(1, iterations)}%` }}
            />
          )}
        </span>
        <span className="min-w-0 grow">
          <span className="flex items-center gap-1 text-xs">
            <span className="line-clamp-2 leading-snug">{name ?? prompts[0] ?? 'Run'}</span>
            {pinned && <Pin aria-label="pinned" className="size-3 shrink-0 text-ink-faint" />}
          </span>
          <span className="tabular flex flex-wrap items-center gap-x-1.5 text-2xs text-ink-soft">
            {forkStep !== null && (
              <span className="flex items-center gap-0.5">
                <GitFork aria-label="forked at step" className="size-3" />
                {forkStep}
              </span>
            )}
            <span className={failed ? 'text-danger' : ''}>
              {STATUS_WORDS[status]}
              {status === 'QUEUED' && ahead > 0 && `, ${ahead} ahead`}
            </span>
            <span>
              {stepCount}/{iterations}
            </span>
            {loss !== null && <span>{loss.toFixed(3)}</span>}
            {user && <span className="truncate">{user.name}</span>}
          </span>
        </span>
      </button>
      <Link
        href={`/runs/${run.id}`}
        prefetch={false}
        aria-label={`Everything about the run ${name ?? prompts[0] ?? ''}`}
        title="Steps, statistics, comments, exports"
        className="grid size-7 shrink-0 place-items-center rounded-md text-ink-faint hover:bg-hover hover:text-ink"
      >
        <ChevronRight aria-hidden className="size-4" />
      </Link>
    </li>
  );
}
