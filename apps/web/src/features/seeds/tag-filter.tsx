// The tags of the shown seeds as a filter; one at a time.
import { cx } from '../../lib/cx.ts';

export interface TagFilterProps {
  readonly tags: readonly string[];
  readonly chosen: string | null;
  readonly onChoose: (tag: string | null) => void;
}

export function TagFilter({ tags, chosen, onChoose }: TagFilterProps) {
  const shown = chosen === null || tags.includes(chosen) ? tags : [chosen, ...tags];
  if (shown.length === 0) return null;
  return (
    <fieldset className="flex flex-wrap gap-1 px-4 pb-3">
      <legend className="sr-only">Tag</legend>
      {shown.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={chosen === name}
          onClick={() => onChoose(chosen === name ? null : name)}
          className={cx(
            'h-6 rounded-full border px-2.5 text-xs',
            chosen === name ? 'border-accent bg-accent-soft' : 'text-ink-soft hover:bg-hover',
          )}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
