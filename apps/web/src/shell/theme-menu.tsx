// Light, dark, or as the system says.
'use client';
import { Check, Moon, Sun } from 'lucide-react';
import { setTheme, type Theme, useTheme } from '../theme/theme.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu } from '../ui/menu.tsx';

const NAMES: readonly (readonly [Theme, string])[] = [
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['system', 'As the system says'],
];

export function ThemeMenu() {
  const theme = useTheme((state) => state.theme);
  return (
    <Menu
      trigger={<IconButton icon={theme === 'dark' ? Moon : Sun} label="Theme" side="bottom" />}
      groups={[
        NAMES.map(([id, label]) => ({
          id,
          label,
          ...(theme === id && { icon: Check }),
          onSelect: () => setTheme(id),
        })),
      ]}
    />
  );
}
