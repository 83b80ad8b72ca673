// Commands that every page has: theme, help.
'use client';
import { Keyboard, Monitor, Moon, Sun } from 'lucide-react';
import { setTheme } from '../theme/theme.ts';
import { useRegisterCommands } from './commands.ts';
import { openShortcutHelp } from './shortcut-help-state.ts';

export function useStandingCommands(): void {
  useRegisterCommands([
    { id: 'theme.light', title: 'Light theme', group: 'Appearance', icon: Sun, run: () => setTheme('light') },
    { id: 'theme.dark', title: 'Dark theme', group: 'Appearance', icon: Moon, run: () => setTheme('dark') },
    {
      id: 'theme.system',
      title: 'Theme as the system says',
      group: 'Appearance',
      icon: Monitor,
      run: () => setTheme('system'),
    },
    {
      id: 'help.shortcuts',
      title: 'Keyboard shortcuts',
      group: 'Help',
      icon: Keyboard,
      keys: '?',
      run: () => openShortcutHelp(true),
    },
  ]);
}
