// The way between the main places: links in the header, one menu where there is no room for them.
'use client';
import { Layers, Menu as MenuIcon } from 'lucide-react';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { cx } from '../lib/cx.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu } from '../ui/menu.tsx';
import { isIn, PLACES, type Place, SWEEPS } from './places.ts';

const SESSION: Place = { href: '/', title: 'Session', icon: Layers };

export function Navigation() {
  const path = usePathname();
  const router = useRouter();
  const atSession = path === '/' || path.startsWith('/s/');
  return (
    <nav aria-label="Studio" className="flex items-center gap-0.5">
      {[SESSION, ...PLACES].map((place) => (
        <PlaceLink key={place.href} {...place} current={place === SESSION ? atSession : isIn(path, place)} />
      ))}
      <span className="md:hidden">
        <Menu
          trigger={<IconButton icon={MenuIcon} label="Go to" side="bottom" />}
          groups={[
            [SESSION, ...PLACES, SWEEPS].map(({ href, title, icon }) => ({
              id: href,
              label: title,
              icon,
              onSelect: () => router.push(href),
            })),
          ]}
        />
      </span>
    </nav>
  );
}

function PlaceLink({ href, title, current }: Place & { readonly current: boolean }) {
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={current ? 'page' : undefined}
      className={cx(
        'flex h-7 items-center rounded-md px-2 text-xs hover:bg-hover hover:text-ink max-md:hidden',
        current ? 'bg-hover text-ink' : 'text-ink-soft',
      )}
    >
      {title}
    </Link>
  );
}
