// A frame around the picture in the colour of the person who is followed.
'use client';
import { usePresence, usePresenceView } from './presence-context.tsx';

export function FollowFrame() {
  const presence = usePresence();
  const leader = usePresenceView(
    ({ people, mine }) => people.find(({ clientId }) => clientId === mine.following) ?? null,
  );
  if (!leader) return null;
  return (
    <div
      className="pointer-events-none absolute inset-0 z-20 rounded-lg"
      style={{ boxShadow: `inset 0 0 0 3px ${leader.colour}` }}
    >
      <button
        type="button"
        onClick={() => presence.show({ following: null })}
        className="-translate-x-1/2 pointer-events-auto absolute top-2 left-1/2 rounded-full px-3 py-1 font-medium text-white text-xs"
        style={{ backgroundColor: leader.colour }}
      >
        You follow {leader.name} · stop
      </button>
    </div>
  );
}
