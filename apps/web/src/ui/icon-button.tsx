// A button that shows an icon only; its label is read out and shown as a tooltip.
'use client';
import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, Ref } from 'react';
import { cx } from '../lib/cx.ts';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled' | 'children'> {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly keys?: string | undefined;
  /** Turned on or off, where it is a switch. */
  readonly pressed?: boolean | undefined;
  /** Why it cannot be used now. */
  readonly disabled?: string | boolean | undefined;
  readonly size?: 'sm' | 'md';
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({
  icon: Icon,
  label,
  keys,
  pressed,
  disabled,
  size = 'md',
  side,
  className,
  onClick,
  ...rest
}: IconButtonProps) {
  const off = disabled === true || typeof disabled === 'string';
  return (
    <Tooltip hint={typeof disabled === 'string' ? `${label}: ${disabled}` : label} keys={keys} {...(side && { side })}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        aria-disabled={off || undefined}
        onClick={(event) => {
          if (off) event.preventDefault();
          else onClick?.(event);
        }}
        className={cx(
          'inline-flex shrink-0 items-center justify-center rounded-md transition-colors duration-100',
          size === 'sm' ? 'size-7' : 'size-8',
          pressed ? 'bg-accent-soft text-ink' : 'text-ink-soft hover:bg-hover hover:text-ink',
          off && '!cursor-default opacity-45',
          className,
        )}
      >
        <Icon aria-hidden className="size-4" />
      </button>
    </Tooltip>
  );
}
