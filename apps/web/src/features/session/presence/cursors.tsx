// Where the others point on the picture.
'use client';
import { usePresenceView } from './presence-context.tsx';

export function Cursors() {
  const people = usePresenceView((view) => view.people);
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 z-20 overflow-hidden">
      {people.map(
        ({ clientId, name, colour, cursor }) =>
          cursor && (
            <div
              key={clientId}
              data-cursor={name}
              // As long as one message takes to follow another, so that it glides.
              className="absolute transition-[left,top] duration-250 ease-linear"
              style={{ left: `${cursor.x * 100}%`, top: `${cursor.y * 100}%` }}
            >
              <svg aria-hidden="true" viewBox="0 0 16 16" className="size-4 drop-shadow">
                <path
                  d="M1 1l5 13 2.2-5.6L14 6z"
                  fill={colour}
                  stroke="white"
                  strokeWidth="1.2"
                  strokeLinejoin="round"
                />
              </svg>
              <span
                className="ml-3 whitespace-nowrap rounded-full px-1.5 py-0.5 font-medium text-2xs text-white"
                style={{ backgroundColor: colour }}
              >
                {name}
              </span>
            </div>
          ),
      )}
    </div>
  );
}
