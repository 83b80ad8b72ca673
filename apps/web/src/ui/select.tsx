// One choice of a short list.
'use client';
import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import { cx } from '../lib/cx.ts';
import { INPUT_CLASS } from './field.tsx';

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** Why it cannot be chosen, or what it means. */
  readonly note?: string;
  readonly disabled?: boolean;
}

export interface SelectProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly SelectOption<Value>[];
  readonly onChange: (value: Value) => void;
  readonly disabled?: boolean;
  readonly placeholder?: string;
  readonly id?: string;
  readonly className?: string;
}

export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, value, options, onChange, disabled, placeholder, id, className } = props;
  return (
    <Radix.Root
      value={value}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen) onChange(chosen.value);
      }}
      {...(disabled !== undefined && { disabled })}
    >
      <Radix.Trigger
        id={id}
        aria-label={label}
        className={cx(INPUT_CLASS, 'flex min-h-7 items-center justify-between gap-1 py-1 text-xs', className)}
      >
        <span className="line-clamp-2 text-left leading-tight [overflow-wrap:anywhere]">
          <Radix.Value placeholder={placeholder} />
        </span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className="animate-rise z-50 max-h-80 min-w-(--radix-select-trigger-width) overflow-hidden rounded-lg border bg-raised p-1 shadow-float"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled ?? false}
                className="flex cursor-default select-none items-center gap-2 rounded-md py-1.5 pr-3 pl-7 text-sm outline-none data-disabled:opacity-50 data-highlighted:bg-hover"
              >
                <Radix.ItemIndicator className="-ml-5">
                  <Check aria-hidden className="size-3.5" />
                </Radix.ItemIndicator>
                <span className="flex flex-col">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.note && <span className="text-ink-faint text-xs">{option.note}</span>}
                </span>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
