// Who is in a session and what they point at: kept by the live channel only, gone after 30 s of silence.
import type { Presence } from '@tessera/protocol';
import { ForbiddenError, PresenceRateError } from '../errors.ts';
import { type Actor, type Authorise, type LiveFeed, type LivePort, presenceTopic } from '../hub/ports.ts';
import { type CollabLimits, collabLimitsWith } from '../limits.ts';
import { RateLimiter } from './rate.ts';
import { parsePresence } from './state.ts';

export interface PresenceHubOptions {
  readonly live: LivePort;
  readonly authorise: Authorise;
  readonly limits?: Partial<CollabLimits>;
}

/** `clientId` is one tab, as it calls itself. */
export interface PresenceActor extends Actor {
  readonly clientId: string;
  readonly name: string;
}

export type PresenceClient = Pick<PresenceActor, 'userId' | 'clientId'>;

export type PresenceChange =
  | { readonly type: 'here'; readonly presence: Presence }
  | { readonly type: 'left'; readonly clientId: string };

export class PresenceHub implements Disposable {
  readonly #o: PresenceHubOptions;
  readonly #limits: CollabLimits;
  readonly #rate: RateLimiter;
  readonly #timer: NodeJS.Timeout;

  constructor(options: PresenceHubOptions) {
    this.#o = options;
    this.#limits = collabLimitsWith(options.limits);
    this.#rate = new RateLimiter(this.#limits.presencePerSecond, this.#limits.presenceBurst);
    this.#timer = setInterval(() => this.#rate.sweep(Date.now()), 10_000).unref();
  }

  async #allow(actor: Actor, documentId: string, action: 'view' | 'join'): Promise<void> {
    if (!(await this.#o.authorise(actor, documentId, action))) throw new ForbiddenError(action, documentId);
  }

  /**
   * Shows a client to the others for 30 s; the page repeats it every 10 s. What is not said is not shown any more.
   * @throws PresenceRateError, PresenceInvalidError, ForbiddenError
   */
  async show(documentId: string, actor: PresenceActor, state: unknown): Promise<Presence> {
    const wait = this.#rate.take(`${documentId}:${slotOf(actor)}`, Date.now());
    if (wait > 0) throw new PresenceRateError(wait);
    const parsed = parsePresence(state);
    await this.#allow(actor, documentId, 'join');
    const { clientId, userId, name } = actor;
    const presence: Presence = { sessionId: documentId, clientId, userId, name, ...parsed };
    await this.#o.live.publish(presenceTopic(documentId), {
      kind: 'latest',
      key: slotOf(actor),
      data: new TextEncoder().encode(JSON.stringify(presence)),
      ttlMs: this.#limits.presenceMs,
    });
    return presence;
  }

  /** Takes a client away at once: its tab or socket was closed. */
  async leave(documentId: string, client: PresenceClient): Promise<void> {
    await this.#o.live.publish(presenceTopic(documentId), { kind: 'latest', key: slotOf(client), data: null });
  }

  /**
   * Everybody who is there, then every change; a slow reader gets the newest of each client. The watcher's own tabs have the
   * ids that they gave themselves; those of others begin with their user's id, so nobody can take the place of another.
   * @throws ForbiddenError
   */
  async watch(
    documentId: string,
    actor: Actor,
    signal?: AbortSignal,
  ): Promise<AsyncIterableIterator<PresenceChange, undefined>> {
    await this.#allow(actor, documentId, 'view');
    return changesOf(actor, this.#o.live.subscribe(presenceTopic(documentId), signal ? { signal } : {}));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** A tab's place among those of a session: whatever it calls itself, under its own user. */
const slotOf = ({ userId, clientId }: PresenceClient): string => `${userId}:${clientId}`;

function clientIdFor({ userId }: Actor, slot: string): string {
  return slot.startsWith(`${userId}:`) ? slot.slice(userId.length + 1) : slot;
}

/** Not a generator: its return() would wait for the next change. */
function changesOf(watcher: Actor, feed: LiveFeed): AsyncIterableIterator<PresenceChange, undefined> {
  return {
    async next() {
      for (;;) {
        const { done, value } = await feed.next();
        if (done) return { done, value: undefined };
        if (value.type !== 'latest') continue;
        const clientId = clientIdFor(watcher, value.key);
        if (value.data === null) return { done: false, value: { type: 'left', clientId } };
        const presence = JSON.parse(new TextDecoder().decode(value.data)) as Presence;
        return { done: false, value: { type: 'here', presence: { ...presence, clientId } } };
      }
    },
    return: () => feed.return(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
