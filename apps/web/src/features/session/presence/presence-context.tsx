// Hands presence to the components of the page.
'use client';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { PresenceLink, type PresenceView } from './presence.ts';

const PresenceContext = createContext<PresenceLink | null>(null);

export function PresenceProvider({
  sessionId,
  children,
}: {
  readonly sessionId: string;
  readonly children: ReactNode;
}) {
  const [link] = useState(() => new PresenceLink(sessionId));
  useEffect(() => {
    link.open();
    return () => link.close();
  }, [link]);
  return <PresenceContext value={link}>{children}</PresenceContext>;
}

export function usePresence(): PresenceLink {
  const link = useContext(PresenceContext);
  if (!link) throw new Error('usePresence() needs a PresenceProvider around it.');
  return link;
}

export function usePresenceView<Part>(select: (view: PresenceView) => Part): Part {
  return useStore(usePresence().view, select);
}
