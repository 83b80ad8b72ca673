// Who else is in the session: shows this tab to the others, a few times a second at most, and keeps what they show.
import { createStore, type StoreApi } from 'zustand';
import { isOnline, useConnection } from '../../../gql/connection.ts';
import { follow, sendOverSocket } from '../../../gql/follow.ts';
import { graphql, type ResultOf } from '../../../gql/graphql.ts';
import { colourFor } from './colours.ts';

const WATCH = graphql(`
  subscription WatchPresence($sessionId: ID!) {
    presence(sessionId: $sessionId) {
      __typename
      ... on PresenceHere { presence { clientId name colour cursor { x y } runId step following } }
      ... on PresenceLeft { clientId }
    }
  }
`);

const SHOW = graphql(`
  mutation ShowPresence($input: ShowPresenceInput!) {
    showPresence(input: $input) { problem { code message } }
  }
`);

const LEAVE = graphql(`
  mutation LeaveSession($input: LeaveSessionInput!) {
    leaveSession(input: $input) { problem { code message } }
  }
`);

type Here = Extract<ResultOf<typeof WATCH>['presence'], { readonly __typename: 'PresenceHere' }>;
export type Person = Here['presence'];

export interface Shown {
  readonly cursor: { readonly x: number; readonly y: number } | null;
  readonly runId: string | null;
  readonly step: number | null;
  readonly following: string | null;
}

export interface PresenceView {
  /** The others, by client id, in the order in which they came. */
  readonly people: readonly Person[];
  readonly mine: Shown;
}

/** ms between two messages: half of the requests per minute that the server allows one person. */
const EVERY_MS = 220;
/** The server forgets who is silent for 30 s. */
const BEAT_MS = 10_000;

export class PresenceLink {
  readonly clientId = crypto.randomUUID();
  readonly colour = colourFor(this.clientId);
  readonly view: StoreApi<PresenceView> = createStore<PresenceView>(() => ({
    people: [],
    mine: { cursor: null, runId: null, step: null, following: null },
  }));
  readonly #sessionId: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #beat: ReturnType<typeof setInterval> | undefined;
  #sentAt = 0;
  #stops: (() => void)[] = [];

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  open(): void {
    const stop = follow(WATCH, () => ({ sessionId: this.#sessionId }), {
      next: ({ presence }) => this.#hear(presence),
      // Without presence the session works all the same.
      error: () => this.view.setState({ people: [] }),
    });
    const stopWatching = useConnection.subscribe(({ connection }, before) => {
      if (connection.status === before.connection.status) return;
      if (connection.status === 'online') this.#send();
      else this.view.setState({ people: [] });
    });
    const leave = () => this.#leave();
    window.addEventListener('pagehide', leave);
    this.#beat = setInterval(() => this.#send(), BEAT_MS);
    this.#stops = [stop, stopWatching, () => window.removeEventListener('pagehide', leave)];
    this.#send();
  }

  close(): void {
    clearInterval(this.#beat);
    clearTimeout(this.#timer);
    this.#leave();
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.view.setState({ people: [] });
  }

  /** Changes what the others see of this tab. */
  show(change: Partial<Shown>): void {
    const before = this.view.getState().mine;
    const mine = { ...before, ...change };
    const keys = Object.keys(change) as (keyof Shown)[];
    if (keys.every((key) => before[key] === mine[key])) return;
    this.view.setState({ mine });
    if (this.#timer !== undefined || !this.#beat) return;
    this.#timer = setTimeout(() => this.#send(), Math.max(0, this.#sentAt + EVERY_MS - Date.now()));
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!isOnline()) return;
    this.#sentAt = Date.now();
    const { clientId, colour } = this;
    const { cursor, runId, step, following } = this.view.getState().mine;
    const input = { sessionId: this.#sessionId, clientId, colour, cursor, runId, step, following };
    // The next one says it again.
    sendOverSocket(SHOW, { input }).catch(() => {});
  }

  #leave(): void {
    if (isOnline())
      sendOverSocket(LEAVE, { input: { sessionId: this.#sessionId, clientId: this.clientId } }).catch(() => {});
  }

  #hear(event: ResultOf<typeof WATCH>['presence']): void {
    const { people } = this.view.getState();
    if (event.__typename === 'PresenceLeft') {
      this.view.setState({ people: people.filter(({ clientId }) => clientId !== event.clientId) });
      if (this.view.getState().mine.following === event.clientId) this.show({ following: null });
      return;
    }
    const { presence } = event;
    if (presence.clientId === this.clientId) return;
    const known = people.some(({ clientId }) => clientId === presence.clientId);
    this.view.setState({
      people: known
        ? people.map((person) => (person.clientId === presence.clientId ? presence : person))
        : [...people, presence],
    });
  }
}
