// Buttons. One that may not be used stays focusable and says why.
'use client';
import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { cx } from '../lib/cx.ts';
import { Spinner } from './spinner.tsx';
import { Tooltip } from './tooltip.tsx';

type Look = 'primary' | 'plain' | 'ghost' | 'danger';
type Size = 'sm' | 'md' | 'lg';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  readonly look?: Look;
  readonly size?: Size;
  readonly icon?: LucideIcon | undefined;
  readonly busy?: boolean | undefined;
  /** Why it cannot be used now; shown on hover and focus. */
  readonly disabled?: string | boolean | undefined;
  readonly hint?: ReactNode;
  readonly keys?: string | undefined;
  readonly ref?: Ref<HTMLButtonElement>;
}

const LOOKS: Readonly<Record<Look, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  plain: 'border bg-surface text-ink hover:bg-hover',
  ghost: 'text-ink-soft hover:bg-hover hover:text-ink',
  danger: 'border border-danger/40 bg-surface text-danger hover:bg-danger-soft',
};

const SIZES: Readonly<Record<Size, string>> = {
  sm: 'h-7 gap-1.5 rounded-md px-2 text-xs',
  md: 'h-8 gap-2 rounded-md px-3 text-sm',
  lg: 'h-10 gap-2 rounded-lg px-4 text-sm font-medium',
};

export function Button({
  look = 'plain',
  size = 'md',
  icon: Icon,
  busy = false,
  disabled,
  hint,
  keys,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  const off = disabled === true || typeof disabled === 'string' || busy;
  const why = typeof disabled === 'string' ? disabled : hint;
  return (
    <Tooltip hint={why} keys={keys}>
      <button
        {...rest}
        type={type}
        data-look={look}
        aria-disabled={off || undefined}
        aria-busy={busy || undefined}
        onClick={(event) => {
          if (off) event.preventDefault();
          else onClick?.(event);
        }}
        className={cx(
          'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap transition-colors duration-100',
          LOOKS[look],
          SIZES[size],
          off && '!cursor-default opacity-50',
          className,
        )}
      >
        {busy ? <Spinner /> : Icon && <Icon aria-hidden className="size-4 shrink-0" />}
        {children}
      </button>
    </Tooltip>
  );
}
