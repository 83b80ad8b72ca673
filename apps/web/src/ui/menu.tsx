// A menu of actions behind a button.
'use client';
import type { LucideIcon } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement } from 'react';
import { cx } from '../lib/cx.ts';
import { Keys } from './keys.tsx';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly keys?: string;
  readonly danger?: boolean;
  /** Why it cannot be used now. */
  readonly disabled?: string | undefined;
  readonly onSelect: () => void;
}

/** Items in groups; a line stands between two groups. */
export interface MenuProps {
  readonly trigger: ReactElement;
  readonly groups: readonly (readonly MenuItem[])[];
  readonly align?: 'start' | 'center' | 'end';
}

export function Menu({ trigger, groups, align = 'end' }: MenuProps) {
  const shown = groups.filter((group) => group.length > 0);
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="animate-rise z-50 min-w-48 rounded-lg border bg-raised p-1 shadow-float"
        >
          {shown.map((group, i) => (
            <Radix.Group key={group[0]?.id}>
              {i > 0 && <Radix.Separator className="my-1 h-px bg-line" />}
              {group.map((item) => (
                <MenuRow key={item.id} item={item} />
              ))}
            </Radix.Group>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function MenuRow({ item }: { readonly item: MenuItem }) {
  const { icon: Icon, label, keys, danger, disabled, onSelect } = item;
  return (
    <Radix.Item
      disabled={disabled !== undefined}
      onSelect={onSelect}
      className={cx(
        'flex cursor-default select-none items-center gap-2.5 rounded-md px-2 py-1.5 text-sm outline-none data-disabled:opacity-55 data-highlighted:bg-hover',
        danger && 'text-danger',
      )}
    >
      {Icon ? <Icon aria-hidden className="size-4 text-ink-faint" /> : <span className="size-4" />}
      <span className="flex grow flex-col">
        {label}
        {disabled && <span className="max-w-56 text-ink-faint text-xs">{disabled}</span>}
      </span>
      {keys && <Keys keys={keys} />}
    </Radix.Item>
  );
}
