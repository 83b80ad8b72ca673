// All runs as cards or lines; only what is in view is in the page, so that ten thousand stay smooth.
'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { cx } from '../../lib/cx.ts';
import { runTitle } from '../run/run-title.ts';
import { useElementWidth } from '../run/use-element-width.ts';
import type { RunCard as Run } from './documents.ts';
import { moveActive } from './grid-keys.ts';
import { RunCard, RunLine } from './run-card.tsx';

export interface RunGridProps {
  readonly runs: readonly Run[];
  readonly similarity: ReadonlyMap<string, number>;
  readonly layout: 'grid' | 'list';
  readonly selected: ReadonlySet<string>;
  readonly onToggle: (id: string, range: boolean) => void;
  readonly onSelectAll: () => void;
  readonly onMore: () => void;
  readonly hasMore: boolean;
  /** Of the whole question, loaded or not. */
  readonly total: number;
  readonly scroll: { scroll: number };
  readonly onShown: (runs: readonly Run[]) => void;
}

const CARD = { minWidth: 164, gap: 12, text: 62 };
const LINE = 56;
/** px from the end at which the next page is asked for. */
const AHEAD = 1500;

export function RunGrid(props: RunGridProps) {
  const { runs, similarity, layout, selected, onToggle, onSelectAll, onMore, hasMore, total, scroll, onShown } = props;
  const router = useRouter();
  const scroller = useRef<HTMLDivElement>(null);
  const [inner, width] = useElementWidth<HTMLDivElement>();
  const [active, setActive] = useState(0);
  const wantFocus = useRef(false);
  const columns = layout === 'list' ? 1 : Math.max(2, Math.floor((width + CARD.gap) / (CARD.minWidth + CARD.gap)));
  const cardWidth = (width - CARD.gap * (columns - 1)) / columns;
  const rowHeight = layout === 'list' ? LINE : Math.round(cardWidth) + CARD.text + CARD.gap;
  const rows = Math.ceil(runs.length / columns);
  const virtual = useVirtualizer({
    count: width === 0 ? 0 : rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 3,
    initialOffset: scroll.scroll,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: measured sizes are void when the height of rows changes
  useLayoutEffect(() => virtual.measure(), [rowHeight]);

  useEffect(() => {
    onShown(runs.slice(first * columns, (last + 1) * columns));
    if (hasMore && virtual.getTotalSize() - (virtual.scrollOffset ?? 0) < AHEAD + innerHeight) onMore();
  }, [first, last, columns, runs, hasMore, onMore, onShown, virtual]);

  useEffect(() => {
    if (!wantFocus.current) return;
    const cell = inner.current?.querySelector<HTMLElement>(`[data-index="${active}"]`);
    if (!cell) return;
    wantFocus.current = false;
    cell.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const run = runs[active];
    if ((event.ctrlKey || event.metaKey) && event.key === 'a') onSelectAll();
    else if (event.key === ' ' && run) onToggle(run.id, event.shiftKey);
    else if (event.key === 'Enter' && run) router.push(`/runs/${run.id}`);
    else {
      const next = moveActive(event.key, active, columns, runs.length);
      if (next === null) return;
      wantFocus.current = true;
      setActive(next);
      virtual.scrollToIndex(Math.floor(next / columns));
      if (event.shiftKey && runs[next]) onToggle(runs[next].id, true);
    }
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className="thin-scroll min-h-0 grow overflow-y-auto px-4 pb-24"
      onScroll={(event) => {
        scroll.scroll = event.currentTarget.scrollTop;
      }}
    >
      <div
        ref={inner}
        role="grid"
        aria-label="Runs"
        aria-rowcount={Math.ceil(total / columns)}
        aria-multiselectable
        tabIndex={-1}
        onKeyDown={onKeyDown}
        className="relative"
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((row) => (
          <div
            key={row.key}
            role="row"
            aria-rowindex={row.index + 1}
            tabIndex={-1}
            className="absolute inset-x-0 grid"
            style={{
              transform: `translateY(${row.start}px)`,
              height: row.size - (layout === 'list' ? 0 : CARD.gap),
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
              columnGap: CARD.gap,
            }}
          >
            {runs.slice(row.index * columns, (row.index + 1) * columns).map((run, i) => {
              const index = row.index * columns + i;
              return (
                <Cell
                  key={run.id}
                  index={index}
                  run={run}
                  layout={layout}
                  similarity={similarity.get(run.id)}
                  selected={selected.has(run.id)}
                  active={index === Math.min(active, runs.length - 1)}
                  onActive={() => setActive(index)}
                  onToggle={onToggle}
                />
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

interface CellProps {
  readonly index: number;
  readonly run: Run;
  readonly layout: 'grid' | 'list';
  readonly similarity: number | undefined;
  readonly selected: boolean;
  readonly active: boolean;
  readonly onActive: () => void;
  readonly onToggle: (id: string, range: boolean) => void;
}

function Cell({ index, run, layout, similarity, selected, active, onActive, onToggle }: CellProps) {
  const View = layout === 'list' ? RunLine : RunCard;
  return (
    <div
      role="gridcell"
      data-index={index}
      data-run={run.id}
      data-status={run.status}
      tabIndex={active ? 0 : -1}
      aria-selected={selected}
      onFocus={onActive}
      className={cx(
        'group relative min-w-0 bg-surface',
        layout === 'list' ? 'flex items-center border-b' : 'rounded-lg border hover:border-line-strong',
        selected && 'border-accent ring-1 ring-accent',
      )}
    >
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={`Select ${runTitle(run)}`}
        checked={selected}
        onChange={() => undefined}
        onClick={(event) => onToggle(run.id, event.shiftKey)}
        className={cx(
          'size-4 accent-accent',
          layout === 'list'
            ? 'mx-3 shrink-0'
            : 'absolute top-2 left-2 z-10 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100',
          selected && 'opacity-100',
        )}
      />
      <div className={layout === 'list' ? 'h-full min-w-0 grow' : 'h-full'}>
        <View run={run} similarity={similarity} now={Date.now()} />
      </div>
    </div>
  );
}
