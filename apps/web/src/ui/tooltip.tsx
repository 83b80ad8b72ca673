// A hint beside a control, on hover and focus; also says why a control is disabled, and its shortcut.
'use client';
import { Tooltip as Radix } from 'radix-ui';
import type { FocusEvent, ReactElement, ReactNode } from 'react';
import { Keys } from './keys.tsx';

export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={350} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  );
}

export interface TooltipProps {
  /** Nothing is shown for an empty hint. */
  readonly hint: ReactNode;
  readonly keys?: string | undefined;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly children: ReactElement;
}

export function Tooltip({ hint, keys, side = 'top', children }: TooltipProps) {
  if (!hint) return children;
  return (
    <Radix.Root>
      <Radix.Trigger asChild onFocus={onlyByKeyboard}>
        {children}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="animate-fade z-50 flex max-w-72 items-center gap-2 rounded-md bg-ink px-2 py-1 text-canvas text-xs leading-snug shadow-float"
        >
          {hint}
          {keys && <Keys keys={keys} onDark />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A closed dialog or menu gives the focus back to its button: whoever came with the pointer did not ask for a hint. */
function onlyByKeyboard(event: FocusEvent<HTMLElement>): void {
  if (!event.currentTarget.matches(':focus-visible')) event.preventDefault();
}
