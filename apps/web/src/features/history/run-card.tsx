// A run in the history, as a card or as a line.
import { Pin } from 'lucide-react';
import Link from 'next/link';
import { formatAgo, formatDuration, formatNumber, runTime } from '../run/format.ts';
import { runTitle } from '../run/run-title.ts';
import { hasEnded } from '../run/status.ts';
import { StatusPill } from '../run/status-pill.tsx';
import { Thumb } from '../run/thumb.tsx';
import type { RunCard as Run } from './documents.ts';

export interface RunCardProps {
  readonly run: Run;
  readonly similarity: number | undefined;
  readonly now: number;
}

export function RunCard({ run, similarity, now }: RunCardProps) {
  return (
    <Link href={`/runs/${run.id}`} prefetch={false} tabIndex={-1} className="flex h-full flex-col">
      <span className="relative block">
        <Thumb url={run.picture?.url} className="aspect-square w-full rounded-t-lg object-cover" />
        {run.status !== 'COMPLETED' && <StatusPill status={run.status} className="absolute bottom-2 left-2" />}
        {run.pinned && (
          <Pin aria-label="Pinned" className="absolute right-2 bottom-2 size-5 rounded-full bg-surface p-1" />
        )}
        <Progress run={run} />
      </span>
      <span className="flex min-w-0 grow flex-col justify-between gap-1 p-2">
        <span className="line-clamp-2 text-xs leading-snug">{runTitle(run)}</span>
        <span className="tabular flex justify-between gap-2 text-2xs text-ink-soft">
          <span className="truncate">{figure(run, similarity)}</span>
          <span className="whitespace-nowrap text-ink-faint">{formatAgo(run.createdAt, now)}</span>
        </span>
      </span>
    </Link>
  );
}

export function RunLine({ run, similarity, now }: RunCardProps) {
  const took = runTime(run, now);
  return (
    <Link
      href={`/runs/${run.id}`}
      prefetch={false}
      tabIndex={-1}
      className="flex h-full min-w-0 items-center gap-3 pr-3 text-xs"
    >
      <Thumb url={run.picture?.url} className="size-10 shrink-0 rounded-md object-cover" />
      <span className="min-w-0 grow truncate text-sm">{runTitle(run)}</span>
      {run.pinned && <Pin aria-label="Pinned" className="size-3.5 shrink-0 text-ink-faint" />}
      <span className="shrink-0 sm:w-20">
        <StatusPill status={run.status} />
      </span>
      <span className="tabular hidden w-28 shrink-0 truncate text-ink-soft sm:block">{figure(run, similarity)}</span>
      <span className="tabular hidden w-20 shrink-0 text-right text-ink-soft md:block">
        {run.stepCount} / {run.iterations}
      </span>
      <span className="tabular hidden w-20 shrink-0 text-right text-ink-soft lg:block">
        {took === null ? '–' : formatDuration(took)}
      </span>
      <span className="hidden w-28 shrink-0 truncate text-ink-soft lg:block">{run.user?.name}</span>
      <span className="hidden w-20 shrink-0 whitespace-nowrap text-right text-ink-faint sm:block">
        {formatAgo(run.createdAt, now)}
      </span>
    </Link>
  );
}

function figure({ score, loss }: Run, similarity: number | undefined): string {
  if (similarity !== undefined) return `match ${formatNumber(similarity, 3)}`;
  if (score !== null) return `score ${formatNumber(score, 3)}`;
  return loss === null ? '' : `loss ${formatNumber(loss, 3)}`;
}

function Progress({ run }: { readonly run: Run }) {
  if (hasEnded(run.status) || run.iterations === 0) return null;
  return (
    <span className="absolute inset-x-0 bottom-0 h-1 bg-line">
      <span
        className="block h-full bg-accent transition-[width] duration-500"
        style={{ width: `${(run.stepCount / run.iterations) * 100}%` }}
      />
    </span>
  );
}
