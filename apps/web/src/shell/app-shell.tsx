// The frame of every page: a bar at the top, the page below it.
'use client';
import { Command } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { cx } from '../lib/cx.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { openPalette } from './commands.ts';
import { ConnectionBadge } from './connection-badge.tsx';
import { Navigation } from './navigation.tsx';
import { PlaceHere } from './place-name.tsx';
import { ThemeMenu } from './theme-menu.tsx';

export interface AppShellProps {
  /** What is open; by default the workspace and the place that the address names. */
  readonly title?: ReactNode;
  /** At the right, before the theme: who is here, share. */
  readonly actions?: ReactNode;
  /** The page scrolls inside itself and fills the window. */
  readonly full?: boolean;
  readonly children: ReactNode;
}

export function AppShell({ title, actions, full = false, children }: AppShellProps) {
  return (
    <div className={cx('flex flex-col', full ? 'h-dvh overflow-hidden' : 'min-h-dvh')}>
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-raised px-3 py-2 text-sm focus:not-sr-only focus:absolute focus:m-2"
      >
        Skip to the content
      </a>
      <header className="sticky top-0 z-30 flex h-12 shrink-0 items-center gap-2 border-b bg-surface px-3">
        <Link
          href="/"
          aria-label="Tessera, home"
          className="flex items-center gap-2 rounded-md px-1 py-1 font-semibold"
        >
          <Mark />
          <span className="hidden text-sm lg:inline">Tessera</span>
        </Link>
        <div className="flex min-w-0 grow items-center gap-2 text-sm">{title ?? <PlaceHere />}</div>
        <Navigation />
        <ConnectionBadge />
        {actions}
        <IconButton icon={Command} label="Commands" keys="mod+k" side="bottom" onClick={() => openPalette()} />
        <ThemeMenu />
      </header>
      <main id="main" tabIndex={-1} className="flex min-h-0 grow flex-col outline-none">
        {children}
      </main>
    </div>
  );
}

/** Four stones of a mosaic. */
function Mark() {
  return (
    <svg aria-hidden viewBox="0 0 20 20" className="size-5">
      <path d="M1 1h9v7H1z" className="fill-accent" />
      <path d="M12 1h7v9h-7z" className="fill-ink-faint" />
      <path d="M1 10h6v9H1z" className="fill-ink-soft" />
      <path d="M9 12h10v7H9z" className="fill-accent-strong" opacity=".75" />
    </svg>
  );
}
