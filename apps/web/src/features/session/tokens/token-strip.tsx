// The tokens of the shown step, a stone each: which changed, how strongly the gradient pulls, and what can be done with them.
'use client';
import { Lock } from 'lucide-react';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { cx } from '../../../lib/cx.ts';
import { useDocumentView } from '../document/document-context.tsx';
import { useShown } from '../view/shown.ts';
import { NOTHING_SELECTED } from '../view/view.ts';
import { useShownRun, useView, useViewStore } from '../view/view-context.tsx';
import { LockNote } from './lock-note.tsx';
import { stoneColour } from './stone.ts';
import { TokenActions } from './token-actions.tsx';

/** Stones in a row; arrow keys follow it. */
const COLUMNS = 16;

/** Said of a locked token, to the eye and to screen readers. */
const LOCKED = 'locked: runs and pasting leave it alone';

export function TokenStrip() {
  const { runId, step, record } = useShown();
  const run = useShownRun();
  const view = useViewStore();
  const selected = useView((state) => state.selected);
  const setSelected = (positions: ReadonlySet<number>) => view.setState({ selected: positions });
  const lockedPositions = useDocumentView((document) => document.lockedPositions);
  const locked = useMemo(() => new Set(lockedPositions), [lockedPositions]);
  const [at, setAt] = useState(0);
  const [hovered, setHovered] = useState<number | null>(null);
  const grid = useRef<HTMLDivElement>(null);
  const tokens = record?.tokens ?? null;
  const count = tokens?.length ?? run?.positions ?? 32;
  const pulls = useMemo(() => sharesOf(record?.gradientNorms ?? []), [record]);
  const changed = useMemo(() => new Set(record?.changed ?? []), [record]);
  const toggle = (position: number, more: boolean) => {
    const next = new Set(more ? selected : NOTHING_SELECTED);
    if (selected.has(position) && (more || selected.size === 1)) next.delete(position);
    else next.add(position);
    setSelected(next);
    setAt(position);
  };
  const move = (event: KeyboardEvent) => {
    const to = moved(event.key, at, count);
    if (to === null) return;
    event.preventDefault();
    setAt(to);
    grid.current?.querySelector<HTMLElement>(`[data-position="${to}"]`)?.focus();
  };
  if (record && tokens === null) {
    return (
      <div className="grid gap-1.5">
        <p className="text-ink-faint text-xs">
          This tokenizer has vectors instead of a codebook: there are no indices to show.
        </p>
        <LockNote />
      </div>
    );
  }
  const told = hovered ?? (selected.size === 1 ? ([...selected][0] ?? null) : null);
  return (
    <section aria-label="Tokens" className="grid gap-1.5">
      <div
        ref={grid}
        role="group"
        aria-label={`${count} tokens${step === null ? '' : ` of step ${step}`}`}
        onKeyDown={move}
        onPointerLeave={() => setHovered(null)}
        className="grid gap-[3px]"
        style={{ gridTemplateColumns: `repeat(${Math.min(COLUMNS, count)}, minmax(0, 1fr))` }}
      >
        {Array.from({ length: count }, (_, position) => {
          const token = tokens?.[position];
          return (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: a token is its position
              key={position}
              type="button"
              tabIndex={position === at ? 0 : -1}
              aria-pressed={selected.has(position)}
              aria-label={labelOf(position, token, changed.has(position), locked.has(position))}
              data-position={position}
              data-token={token}
              title={locked.has(position) ? LOCKED : undefined}
              disabled={token === undefined}
              onClick={(event) => toggle(position, event.shiftKey || event.metaKey || event.ctrlKey)}
              onPointerEnter={() => setHovered(position)}
              onFocus={() => setAt(position)}
              style={token === undefined ? undefined : { backgroundColor: stoneColour(token) }}
              className={cx(
                'relative h-7 min-w-0 overflow-hidden rounded-sm font-mono text-[9px] leading-none',
                token === undefined ? 'bg-hover text-ink-soft' : 'text-black/75',
                changed.has(position) && 'shadow-[inset_0_0_0_2px_var(--ink)]',
                selected.has(position) && 'z-10 outline-2 outline-accent outline-offset-1',
              )}
            >
              <span className="max-sm:hidden">{token}</span>
              {locked.has(position) && <Lock aria-hidden className="absolute top-0.5 right-0.5 size-2.5" />}
              <span
                aria-hidden
                className="absolute inset-x-0 bottom-0 h-[3px] origin-left bg-black/55"
                style={{ transform: `scaleX(${pulls[position] ?? 0})` }}
              />
            </button>
          );
        })}
      </div>
      <div className="flex min-h-7 flex-wrap items-center justify-between gap-x-3 text-xs">
        <p className="tabular text-ink-soft" aria-live="off">
          {told === null
            ? summary(changed.size, tokens !== null)
            : labelOf(told, tokens?.[told], changed.has(told), locked.has(told), record?.gradientNorms[told])}
        </p>
        {runId !== null && step !== null && tokens !== null && (
          <TokenActions
            runId={runId}
            step={step}
            tokens={tokens}
            tokenizer={run?.tokenizer ?? ''}
            selected={[...selected].sort((a, b) => a - b)}
            locked={locked}
            onClear={() => setSelected(NOTHING_SELECTED)}
          />
        )}
      </div>
      <LockNote of={count} />
    </section>
  );
}

function summary(changed: number, here: boolean): string {
  if (!here) return 'The tokens of the picture appear here, one stone each.';
  if (changed === 0) return 'No token changed at this step.';
  return `${changed} ${changed === 1 ? 'token' : 'tokens'} changed at this step (framed); the bar is the pull of the gradient.`;
}

function labelOf(
  position: number,
  token: number | undefined,
  changed: boolean,
  locked: boolean,
  pull?: number,
): string {
  return [
    `Token ${position}`,
    token === undefined ? null : `index ${token}`,
    pull === undefined ? null : `pull ${pull.toPrecision(2)}`,
    changed ? 'changed' : null,
    locked ? LOCKED : null,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Each as a share of the largest. */
function sharesOf(norms: readonly number[]): number[] {
  const most = Math.max(1e-12, ...norms);
  return norms.map((norm) => norm / most);
}

function moved(key: string, at: number, count: number): number | null {
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }[key];
  if (by !== undefined) return Math.min(count - 1, Math.max(0, at + by));
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}
