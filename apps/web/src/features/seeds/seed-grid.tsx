// The seeds as tiles; the next page is asked for before its end comes into view.
'use client';
import { useEffect, useRef } from 'react';
import { SeedTile } from './seed-card.tsx';
import type { ShownSeed } from './use-seeds.ts';

export interface SeedGridProps {
  readonly seeds: readonly ShownSeed[];
  readonly selected: string | null;
  readonly onOpen: (seedId: string) => void;
  /** Null: all of them are here. */
  readonly onMore: (() => void) | null;
}

export function SeedGrid({ seeds, selected, onOpen, onMore }: SeedGridProps) {
  const end = useRef<HTMLLIElement>(null);
  const more = useRef(onMore);
  more.current = onMore;
  // biome-ignore lint/correctness/useExhaustiveDependencies: with more tiles the end may still be in view
  useEffect(() => {
    const node = end.current;
    if (!node) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && more.current?.(), {
      rootMargin: '600px',
    });
    observer.observe(node);
    return () => observer.disconnect();
  }, [seeds.length]);
  return (
    <div className="thin-scroll min-h-0 grow overflow-y-auto px-4 pb-24">
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(148px,1fr))] gap-3">
        {seeds.map((shown) => (
          <li key={shown.seed.id} className="min-w-0 [contain-intrinsic-size:auto_200px] [content-visibility:auto]">
            <SeedTile shown={shown} selected={selected === shown.seed.id} onOpen={() => onOpen(shown.seed.id)} />
          </li>
        ))}
        {onMore && <li ref={end} aria-hidden className="h-px" />}
      </ul>
    </div>
  );
}
