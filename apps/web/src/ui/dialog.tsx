// A dialog over the page, with a title, and a way out by Escape, the cross and a click beside it.
'use client';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from '../lib/cx.ts';
import { IconButton } from './icon-button.tsx';

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  /** Holds text only, which keys scroll. */
  readonly reading?: boolean;
  /** Buttons at the end. */
  readonly actions?: ReactNode;
  readonly className?: string;
}

export function Dialog({ open, onOpenChange, title, description, children, reading, actions, className }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="animate-fade fixed inset-0 z-40 bg-black/40" />
        <Radix.Content
          {...(!description && { 'aria-describedby': undefined })}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            focusIn(event.currentTarget);
          }}
          className={cx(
            'animate-rise fixed inset-x-3 top-[max(1rem,8vh)] z-40 mx-auto flex max-h-[84vh] max-w-lg flex-col rounded-xl border bg-raised shadow-float outline-none',
            className,
          )}
        >
          <div className="flex items-start gap-3 px-5 pt-4 pb-2">
            <div className="min-w-0 grow">
              <Radix.Title className="font-semibold text-base">{title}</Radix.Title>
              {description && (
                <Radix.Description className="mt-1 text-ink-soft text-sm">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton icon={X} label="Close" size="sm" />
            </Radix.Close>
          </div>
          <div
            {...(reading && { tabIndex: 0 })}
            className="thin-scroll min-h-0 grow overflow-y-auto px-5 pt-1 pb-5 focus-visible:-outline-offset-2"
          >
            {children}
          </div>
          {actions && <div className="flex justify-end gap-2 border-t px-5 py-3">{actions}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

const FIELDS = 'input:not([type=file], [type=hidden], [readonly], :disabled), textarea:not([readonly], :disabled)';
const MAIN_ACTION = 'button[data-look=primary]:not([aria-disabled=true])';

/** The first field, else the main action, else the dialog itself: on the cross, a tooltip would open and take the first Escape. */
function focusIn(target: EventTarget | null): void {
  if (!(target instanceof HTMLElement)) return;
  const found = target.querySelector<HTMLElement>(FIELDS) ?? target.querySelector<HTMLElement>(MAIN_ACTION);
  (found ?? target).focus();
}
