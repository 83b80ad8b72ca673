// The token strip with its statistics: per position how often it changed and how many bits of choice it kept, above its token now.
'use client';
import type { KeyboardEvent, ReactNode } from 'react';
import { cx } from '../../lib/cx.ts';
import type { PositionStatistics } from './token-statistics.ts';

export interface TokenBarsProps {
  readonly statistics: readonly PositionStatistics[];
  /** Tokens after the shown step; null for vectors. */
  readonly tokens: readonly number[] | null;
  /** Positions that changed at the shown step. */
  readonly changed: readonly number[];
  readonly position: number | null;
  readonly onPosition: (position: number | null) => void;
}

export function TokenBars({ statistics, tokens, changed, position, onPosition }: TokenBarsProps) {
  const mostChanges = Math.max(1, ...statistics.map(({ changes }) => changes));
  const mostEntropy = Math.max(1, ...statistics.map(({ entropy }) => entropy));
  const now = new Set(changed);
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>, at: number) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (at + by + statistics.length) % statistics.length;
    onPosition(next);
    const cells = event.currentTarget.parentElement?.children;
    (cells?.[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <div className="flex grow flex-col">
      <div
        role="toolbar"
        aria-label="Token positions"
        className="flex h-40 min-h-32 items-stretch gap-px md:h-auto md:grow"
      >
        {statistics.map((entry) => (
          <button
            key={entry.position}
            type="button"
            tabIndex={entry.position === (position ?? 0) ? 0 : -1}
            aria-pressed={entry.position === position}
            aria-label={describe(entry, tokens)}
            onClick={() => onPosition(entry.position === position ? null : entry.position)}
            onKeyDown={(event) => onKeyDown(event, entry.position)}
            className={cx(
              'group flex min-w-0 grow basis-0 flex-col justify-end rounded-sm hover:bg-hover',
              entry.position === position && 'bg-hover',
            )}
          >
            <span className="flex h-full items-end gap-px px-px">
              <span
                className="grow rounded-t-[2px] bg-accent"
                style={{ height: `${(entry.changes / mostChanges) * 100}%` }}
              />
              <span
                className="grow rounded-t-[2px] bg-line-strong"
                style={{ height: `${(entry.entropy / mostEntropy) * 100}%` }}
              />
            </span>
            <span
              className={cx(
                'mt-0.5 h-2.5 rounded-[2px] transition-colors',
                now.has(entry.position) ? 'bg-accent' : 'bg-line',
                entry.position === position && 'ring-2 ring-accent',
              )}
            />
          </button>
        ))}
      </div>
      <p className="mt-2 flex flex-wrap gap-x-4 text-2xs text-ink-soft">
        <Key className="bg-accent">Changes, up to {mostChanges}</Key>
        <Key className="bg-line-strong">Entropy, up to {mostEntropy.toFixed(1)} bits</Key>
      </p>
      <PositionLine entry={position === null ? undefined : statistics[position]} tokens={tokens} />
    </div>
  );
}

function Key({ className, children }: { readonly className: string; readonly children: ReactNode }) {
  return (
    <span className="tabular flex items-center gap-1.5">
      <span aria-hidden className={cx('size-2 rounded-[2px]', className)} />
      {children}
    </span>
  );
}

function PositionLine({
  entry,
  tokens,
}: {
  readonly entry: PositionStatistics | undefined;
  readonly tokens: readonly number[] | null;
}) {
  if (!entry) {
    return <p className="mt-2 min-h-10 text-ink-faint text-xs">Choose a position to read its figures.</p>;
  }
  const { position, changes, firstChanged, lastChanged, entropy } = entry;
  return (
    <p className="tabular mt-2 min-h-10 text-ink-soft text-xs" aria-live="polite">
      <b className="font-medium text-ink">Position {position}</b>
      {tokens && <>, token {tokens[position]}</>}
      <br />
      {changes === 0
        ? 'It never changed.'
        : `${changes} changes, first at step ${firstChanged}, last at step ${lastChanged}; ${entropy.toFixed(2)} bits.`}
    </p>
  );
}

function describe({ position, changes, entropy }: PositionStatistics, tokens: readonly number[] | null): string {
  const token = tokens ? `, token ${tokens[position]}` : '';
  return `Position ${position}${token}, ${changes} changes, ${entropy.toFixed(1)} bits`;
}
