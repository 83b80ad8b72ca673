// The state of the live connection in words: nothing to say while all is well.
'use client';
import { CloudOff, LoaderCircle, type LucideIcon, ShieldAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type Connection, useConnection } from '../gql/connection.ts';
import { cx } from '../lib/cx.ts';
import { Tooltip } from '../ui/tooltip.tsx';

/** ms; a connection that is back within this is not worth a word. */
const PATIENCE_MS = 400;

export function ConnectionBadge() {
  const connection = useConnection((state) => state.connection);
  const shown = useSettled(connection);
  const words = wordsFor(shown);
  return (
    <span role="status" aria-live="polite" data-connection={connection.status} className="inline-flex">
      {words && (
        <Tooltip hint={words.hint} side="bottom">
          <span
            // biome-ignore lint/a11y/noNoninteractiveTabindex: its hint must be reachable by keyboard
            tabIndex={0}
            className={cx(
              'inline-flex h-6 items-center whitespace-nowrap rounded-full px-2.5 text-xs',
              shown.status === 'refused' ? 'bg-danger-soft text-danger' : 'bg-warn-soft text-warn',
            )}
          >
            <words.icon
              aria-hidden
              className={cx('mr-1.5 size-3.5', shown.status === 'connecting' && 'animate-spin')}
            />
            {words.label}
            {words.more && <span className="max-md:sr-only">{words.more}</span>}
          </span>
        </Tooltip>
      )}
    </span>
  );
}

function useSettled(connection: Connection): Connection {
  const [settled, setSettled] = useState<Connection>({ status: 'idle' });
  useEffect(() => {
    const now = connection.status === 'online' || connection.status === 'idle';
    const timer = setTimeout(() => setSettled(connection), now ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [connection]);
  return settled;
}

interface Words {
  readonly icon: LucideIcon;
  readonly label: string;
  /** Not on a phone. */
  readonly more?: string;
  readonly hint: string;
}

function wordsFor(connection: Connection): Words | null {
  switch (connection.status) {
    case 'idle':
    case 'online':
      return null;
    case 'connecting':
      return { icon: LoaderCircle, label: 'Connecting', hint: 'Waiting for the server.' };
    case 'offline':
      return {
        icon: CloudOff,
        label: 'Offline',
        more: ', edits are kept',
        hint: 'The connection was lost. Go on editing: it merges when the server is back. Runs go on without you.',
      };
    case 'refused':
      return { icon: ShieldAlert, label: 'No access', hint: connection.reason };
    default:
      return connection satisfies never;
  }
}
