// A part of the panel with a heading; one that is seldom needed can be folded.
'use client';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { cx } from '../../../lib/cx.ts';

export interface SectionProps {
  readonly title: string;
  /** At the right of the heading. */
  readonly aside?: ReactNode;
  /** Folded at first; unfolded by a click. */
  readonly folded?: boolean;
  readonly children: ReactNode;
}

export function Section({ title, aside, folded, children }: SectionProps) {
  const id = useId();
  const [open, setOpen] = useState(!folded);
  return (
    <section aria-labelledby={id} className="grid grid-cols-1 content-start gap-2.5">
      <div className="flex min-h-6 items-center justify-between gap-2">
        <h2 id={id} className="font-medium text-xs">
          {folded === undefined ? (
            title
          ) : (
            <button
              type="button"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
              className="-ml-1 flex items-center gap-1 rounded-sm pr-1"
            >
              <ChevronRight aria-hidden className={cx('size-3.5 transition-transform', open && 'rotate-90')} />
              {title}
            </button>
          )}
        </h2>
        {aside}
      </div>
      {open && children}
    </section>
  );
}
