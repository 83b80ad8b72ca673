// Where in the studio somebody is: the workspace, then the page, as every header shows it.
'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { useWorkspace } from '../features/run/use-workspace.ts';
import { placeAt } from './places.ts';

export interface PlaceNameProps {
  /** Left out on narrow screens. */
  readonly workspace: string | null;
  readonly children: ReactNode;
  /** A session's name is the heading of its page; the others have one of their own. */
  readonly heading?: boolean;
}

export function PlaceName({ workspace, children, heading = false }: PlaceNameProps) {
  const Line = heading ? 'h1' : 'p';
  return (
    <Line className="flex min-w-0 items-center gap-1.5 text-sm">
      {workspace !== null && (
        <span className="contents max-md:hidden">
          <span className="truncate text-ink-soft">{workspace}</span>
          <span aria-hidden className="text-ink-faint">
            /
          </span>
        </span>
      )}
      {children}
    </Line>
  );
}

/** For a page of the workspace that names no place of its own. Nothing where the address is none of them. */
export function PlaceHere() {
  const path = usePathname();
  const place = placeAt(path);
  return place ? <NamedPlace {...place} top={path === place.href} /> : null;
}

interface NamedPlaceProps {
  readonly href: string;
  readonly title: string;
  /** What is open is the place itself, not something in it. */
  readonly top: boolean;
}

function NamedPlace({ href, title, top }: NamedPlaceProps) {
  const found = useWorkspace();
  return (
    <PlaceName workspace={found.state === 'ready' ? found.workspace.name : null}>
      {top ? (
        <span className="truncate">{title}</span>
      ) : (
        <Link href={href} prefetch={false} className="truncate rounded-sm underline-offset-2 hover:underline">
          {title}
        </Link>
      )}
    </PlaceName>
  );
}
