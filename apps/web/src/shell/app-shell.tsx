// The frame of every page: a bar at the top, the page below it.
'use client';
import { Command, Layers } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { cx } from '../lib/cx.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { openPalette } from './commands.ts';
import { ConnectionBadge } from './connection-badge.tsx';
import { PLACES } from './places.ts';
import { ThemeMenu } from './theme-menu.tsx';

export interface AppShellProps {
  /** What is open: the name of a session or workspace, a page's title. */
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
          <span className="hidden text-sm sm:inline">Tessera</span>
        </Link>
        <div className="flex min-w-0 grow items-center gap-2 text-sm">{title}</div>
        <Places />
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

function Places() {
  const path = usePathname();
  const home = path === '/' || path.startsWith('/s/');
  return (
    <nav aria-label="Studio" className="hidden items-center gap-0.5 text-sm md:flex">
      <PlaceLink href="/" title="Session" icon={Layers} current={home} />
      {PLACES.map((place) => (
        <PlaceLink key={place.href} {...place} current={path.startsWith(place.href)} />
      ))}
    </nav>
  );
}

interface PlaceLinkProps {
  readonly href: string;
  readonly title: string;
  readonly icon: typeof Layers;
  readonly current: boolean;
}

function PlaceLink({ href, title, icon: Icon, current }: PlaceLinkProps) {
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={current ? 'page' : undefined}
      className={cx(
        'flex h-8 items-center gap-1.5 rounded-md px-2 text-xs hover:bg-hover',
        current ? 'text-ink' : 'text-ink-soft',
      )}
    >
      <Icon aria-hidden className="size-3.5 lg:hidden" />
      <span className="sr-only lg:not-sr-only">{title}</span>
    </Link>
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
