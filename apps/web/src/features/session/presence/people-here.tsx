// The others in the session as avatars; a click follows one: the same run and step as they look at.
'use client';
import { Eye } from 'lucide-react';
import { cx } from '../../../lib/cx.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { Tooltip } from '../../../ui/tooltip.tsx';
import type { Person } from './presence.ts';
import { usePresence, usePresenceView } from './presence-context.tsx';

/** More are counted. */
const SHOWN = 5;

export function PeopleHere() {
  const link = usePresence();
  const people = usePresenceView((view) => view.people);
  const following = usePresenceView((view) => view.mine.following);
  if (people.length === 0) return null;
  return (
    <ul aria-label="Also here" className="-space-x-1.5 flex items-center px-1">
      {people.slice(0, SHOWN).map((person) => (
        <li key={person.clientId} className="flex">
          <PersonButton
            person={person}
            followed={following === person.clientId}
            onClick={() => link.show({ following: following === person.clientId ? null : person.clientId })}
          />
        </li>
      ))}
      {people.length > SHOWN && <li className="pl-3 text-ink-soft text-xs">+{people.length - SHOWN}</li>}
    </ul>
  );
}

interface PersonButtonProps {
  readonly person: Person;
  readonly followed: boolean;
  readonly onClick: () => void;
}

function PersonButton({ person, followed, onClick }: PersonButtonProps) {
  const { name, colour, step } = person;
  const where = step === null ? '' : `, at step ${step}`;
  const action = followed ? `Stop following ${name}` : `Follow ${name}`;
  return (
    <Tooltip hint={`${action}${where}`} side="bottom">
      <button
        type="button"
        aria-label={`${action}${where}`}
        aria-pressed={followed}
        onClick={onClick}
        className={cx(
          'relative rounded-full border-2 border-surface transition-transform',
          followed && 'z-10 scale-110',
        )}
      >
        <Avatar name={name} colour={colour} ring={followed} />
        {followed && (
          <span className="-right-1 -bottom-1 absolute rounded-full bg-surface p-0.5">
            <Eye aria-hidden className="size-2.5" />
          </span>
        )}
      </button>
    </Tooltip>
  );
}
