// A seed in the library.
import { cx } from '../../lib/cx.ts';
import { formatNumber } from '../run/format.ts';
import { Thumb } from '../run/thumb.tsx';
import type { ShownSeed } from './use-seeds.ts';

export interface SeedTileProps {
  readonly shown: ShownSeed;
  readonly selected?: boolean;
  readonly onOpen: () => void;
}

export function SeedTile({ shown: { seed, similarity }, selected = false, onOpen }: SeedTileProps) {
  return (
    <button
      type="button"
      onClick={onOpen}
      className={cx(
        'flex h-full w-full flex-col rounded-lg border bg-surface text-left hover:border-line-strong',
        selected && 'border-accent ring-1 ring-accent',
      )}
    >
      <Thumb url={seed.picture.url} className="aspect-square w-full rounded-t-lg object-cover" />
      <span className="block p-2">
        <span className="line-clamp-2 text-xs">{seed.name}</span>
        <span className="tabular block truncate text-2xs text-ink-faint">
          {similarity === null
            ? seed.tags.join(', ') || `${seed.width} × ${seed.height}`
            : `match ${formatNumber(similarity, 3)}`}
        </span>
      </span>
    </button>
  );
}
