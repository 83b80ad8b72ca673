// A slider with one thumb.
'use client';
import { Slider as Radix } from 'radix-ui';
import { cx } from '../lib/cx.ts';

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly onCommit?: (value: number) => void;
  readonly min?: number;
  readonly max: number;
  readonly step?: number;
  readonly disabled?: boolean;
  /** How the value is read out, such as `step 12 of 200`. */
  readonly valueText?: string;
  readonly className?: string;
}

export function Slider({ label, value, onChange, onCommit, valueText, className, min = 0, ...rest }: SliderProps) {
  return (
    <Radix.Root
      {...rest}
      min={min}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      onValueCommit={([next]) => next !== undefined && onCommit?.(next)}
      className={cx('relative flex h-5 w-full touch-none select-none items-center', className)}
    >
      <Radix.Track className="relative h-1 grow rounded-full bg-line-strong/60">
        <Radix.Range className="absolute h-full rounded-full bg-accent" />
      </Radix.Track>
      <Radix.Thumb
        aria-label={label}
        aria-valuetext={valueText}
        className="block size-3.5 rounded-full border-2 border-accent bg-surface shadow-sm transition-transform hover:scale-110 focus-visible:scale-110"
      />
    </Radix.Root>
  );
}
