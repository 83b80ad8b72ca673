// The command palette: everything the page can do, found by typing. Ctrl/Cmd+K.
'use client';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { openPalette, useCommands, useRegisterCommands } from './commands.ts';
import { PLACES } from './places.ts';
import { useShortcuts } from './shortcuts.ts';
import { useStandingCommands } from './standing-commands.ts';

const PaletteWindow = dynamic(() => import('./palette-window.tsx').then((module) => module.PaletteWindow), {
  ssr: false,
});

export function CommandPalette() {
  const open = useCommands((state) => state.open);
  const router = useRouter();
  const [needed, setNeeded] = useState(false);
  // Once loaded it stays, so that it closes and opens at once.
  useEffect(() => {
    if (open) setNeeded(true);
  }, [open]);
  useShortcuts([
    {
      keys: 'mod+k',
      label: 'Command palette',
      group: 'General',
      inFields: true,
      run: () => openPalette(!useCommands.getState().open),
    },
  ]);
  useRegisterCommands(
    PLACES.map(({ href, title, icon }) => ({
      id: `go.${href}`,
      title: `Go to ${title}`,
      group: 'Go to',
      icon,
      run: () => router.push(href),
    })),
  );
  useStandingCommands();
  return needed ? <PaletteWindow /> : null;
}
