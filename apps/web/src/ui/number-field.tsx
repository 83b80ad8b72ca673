// A number that can be typed, stepped with the arrow keys, or dragged sideways on its label.
'use client';
import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react';
import { cx } from '../lib/cx.ts';
import { clampTo, parseNumber, showNumber } from '../lib/number.ts';
import { INPUT_CLASS } from './field.tsx';
import { Tooltip } from './tooltip.tsx';

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min?: number;
  readonly max?: number;
  /** One press of an arrow key, two pixels of a drag; Shift makes it ten times as much, Alt a tenth. */
  readonly step?: number;
  readonly integer?: boolean;
  readonly hint?: string;
  readonly unit?: string;
  /** Why it cannot be changed now. */
  readonly disabled?: string | undefined;
  readonly className?: string;
  /** Stands for the label where there is little room; the label is read out. */
  readonly sign?: string;
  /** A field for few digits. */
  readonly narrow?: boolean;
}

/** Pixels of a drag per step. */
const PIXELS = 2;

export function NumberField(props: NumberFieldProps) {
  const {
    label,
    value,
    onChange,
    min,
    max,
    step = 1,
    integer = false,
    hint,
    unit,
    disabled,
    className,
    narrow,
    sign,
  } = props;
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const drag = useRef<{ readonly x: number; readonly from: number } | null>(null);
  const bounds = { min, max, step, integer };
  const set = (next: number) => {
    const clamped = clampTo(next, bounds);
    if (clamped !== value) onChange(clamped);
  };
  const commit = () => {
    const typed = draft === null ? null : parseNumber(draft);
    setDraft(null);
    if (typed !== null) set(typed);
  };
  const factor = (event: { shiftKey: boolean; altKey: boolean }) =>
    event.shiftKey ? 10 : event.altKey && !integer ? 0.1 : 1;
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') return commit();
    if (event.key === 'Escape') return setDraft(null);
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (direction === 0 || disabled) return;
    event.preventDefault();
    setDraft(null);
    set(value + direction * step * factor(event));
  };
  const startDrag = (event: PointerEvent<HTMLElement>) => {
    if (disabled || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, from: value };
  };
  const moveDrag = (event: PointerEvent<HTMLElement>) => {
    if (!drag.current) return;
    const steps = Math.round((event.clientX - drag.current.x) / PIXELS);
    if (steps !== 0) set(drag.current.from + steps * step * factor(event));
  };
  return (
    <div className={cx('flex min-w-0 items-center justify-between gap-2', className)}>
      <Tooltip hint={disabled ?? hint} side="left">
        <label
          htmlFor={id}
          onPointerDown={startDrag}
          onPointerMove={moveDrag}
          onPointerUp={() => {
            drag.current = null;
          }}
          className={cx(
            'min-w-0 touch-none select-none truncate text-ink-soft text-xs',
            disabled ? 'opacity-60' : 'cursor-ew-resize',
          )}
        >
          {sign ? (
            <>
              <span aria-hidden>{sign}</span>
              <span className="sr-only">{label}</span>
            </>
          ) : (
            label
          )}
        </label>
      </Tooltip>
      <span className={cx('relative shrink-0', narrow ? 'w-16' : 'w-24')}>
        <input
          id={id}
          role="spinbutton"
          inputMode={integer ? 'numeric' : 'decimal'}
          autoComplete="off"
          aria-valuenow={value}
          aria-valuemin={min}
          aria-valuemax={max}
          aria-readonly={disabled ? true : undefined}
          readOnly={disabled !== undefined}
          value={draft ?? showNumber(value)}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={commit}
          onKeyDown={onKeyDown}
          className={cx(INPUT_CLASS, 'tabular h-7 text-right text-xs', unit && 'pr-7')}
        />
        {unit && (
          <span
            aria-hidden
            className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-2 text-2xs text-ink-faint"
          >
            {unit}
          </span>
        )}
      </span>
    </div>
  );
}
