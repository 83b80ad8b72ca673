// The state of the live connection, as the page shows it.
import { create } from 'zustand';

export type Connection =
  /** No socket was needed yet. */
  | { readonly status: 'idle' }
  | { readonly status: 'connecting' }
  | { readonly status: 'online' }
  /** Tries again by itself. */
  | { readonly status: 'offline'; readonly attempt: number }
  /** Trying again would end the same way. */
  | { readonly status: 'refused'; readonly reason: string };

export const useConnection = create<{ readonly connection: Connection }>(() => ({ connection: { status: 'idle' } }));

export function setConnection(connection: Connection): void {
  useConnection.setState({ connection });
}

export const isOnline = (): boolean => useConnection.getState().connection.status === 'online';
