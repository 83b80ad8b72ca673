// A keyboard shortcut as small key caps.
'use client';
import { cx } from '../lib/cx.ts';
import { keyLabels } from '../shell/shortcuts.ts';

export function Keys({ keys, onDark = false }: { readonly keys: string; readonly onDark?: boolean }) {
  return (
    <kbd className="inline-flex shrink-0 gap-0.5 font-sans text-2xs">
      {keyLabels(keys).map((label) => (
        <span
          key={label}
          className={cx(
            'min-w-4 rounded-sm border px-1 text-center',
            onDark ? 'border-canvas/30 text-canvas/80' : 'border-line-strong text-ink-faint',
          )}
        >
          {label}
        </span>
      ))}
    </kbd>
  );
}
