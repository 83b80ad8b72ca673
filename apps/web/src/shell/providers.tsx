// What every page stands in: the GraphQL client, tooltips, toasts, the command palette, keyboard shortcuts.
'use client';
import { type ReactNode, useEffect } from 'react';
import { Toaster } from 'sonner';
import { Provider as GraphqlProvider } from 'urql';
import { graphqlClient } from '../gql/client.ts';
import { startTheme } from '../theme/theme.ts';
import { TooltipProvider } from '../ui/tooltip.tsx';
import { CommandPalette } from './command-palette.tsx';
import './everywhere.ts';
import { ShortcutHelp } from './shortcut-help.tsx';
import { useShortcutListener } from './shortcuts.ts';

export function Providers({ children }: { readonly children: ReactNode }) {
  useEffect(() => startTheme(), []);
  useShortcutListener();
  return (
    <GraphqlProvider value={graphqlClient()}>
      <TooltipProvider>
        {children}
        <CommandPalette />
        <ShortcutHelp />
        <Toaster
          position="bottom-right"
          visibleToasts={3}
          toastOptions={{
            classNames: {
              toast: '!bg-raised !text-ink !border-line !shadow-float !rounded-lg',
              description: '!text-ink-soft',
            },
          }}
        />
      </TooltipProvider>
    </GraphqlProvider>
  );
}
