// Shows the others what is looked at here, and looks at what the followed person looks at.
'use client';
import { useEffect, useRef } from 'react';
import { useShown } from '../view/shown.ts';
import { useViewStore } from '../view/view-context.tsx';
import { usePresence, usePresenceView } from './presence-context.tsx';

export function useSyncPresence(): void {
  const presence = usePresence();
  const view = useViewStore();
  const { runId, step } = useShown();
  useEffect(() => presence.show({ runId, step }), [presence, runId, step]);

  const leader = usePresenceView(
    ({ people, mine }) => people.find(({ clientId }) => clientId === mine.following) ?? null,
  );
  const theirRun = leader?.runId ?? null;
  const theirStep = leader?.step ?? null;
  const following = leader !== null;
  const led = useRef(false);
  useEffect(() => {
    if (!following) return;
    led.current = true;
    view.setState({
      target: theirRun === null ? { type: 'seed' } : { type: 'run', runId: theirRun },
      step: theirStep,
      playing: false,
    });
    led.current = false;
  }, [view, following, theirRun, theirStep]);

  // Whoever moves by hand stops following.
  useEffect(() => {
    if (!following) return;
    const stop = () => presence.show({ following: null });
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && stop();
    const stopWatching = view.subscribe((now, before) => {
      if (!led.current && (now.step !== before.step || now.target !== before.target)) stop();
    });
    window.addEventListener('keydown', onKey);
    return () => {
      stopWatching();
      window.removeEventListener('keydown', onKey);
    };
  }, [presence, view, following]);
}
