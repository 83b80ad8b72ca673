// One socket's life: unknown until a token came, then somebody's, whose token is looked at again and again.
import { CLOSE_CODES } from '@tessera/protocol';
import type { Viewer } from '@tessera/schema';
import type { Credentials, Identity } from '../access/viewer.ts';
import type { Counters } from './counters.ts';
import type { SocketServerOptions } from './options.ts';
import type { SocketLink } from './socket-link.ts';

export interface SessionOptions extends SocketServerOptions {
  readonly link: SocketLink;
  readonly address: string;
  readonly perUser: Counters;
}

type State =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'known'; readonly viewer: Viewer; readonly key: string; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'gone' };

export class Session {
  readonly #o: SessionOptions;
  #state: State = { kind: 'unknown' };
  /** Operations that run on this socket. */
  operations = 0;

  constructor(options: SessionOptions) {
    this.#o = options;
  }

  get address(): string {
    return this.#o.address;
  }

  /** Undefined before a token came. */
  get viewer(): Viewer | undefined {
    return this.#state.kind === 'known' ? this.#state.viewer : undefined;
  }

  /** Takes the token of `connection_init`; false where it opens nothing (the socket closes with 4403, or 4500 to come again). */
  async begin(credentials: Credentials): Promise<boolean> {
    const { identify, limits, perUser, link, address } = this.#o;
    let identity: Identity;
    try {
      identity = await identify(credentials);
    } catch (error) {
      // Nobody signs in anew because a database was away.
      if (!isRefusal(error)) this.#failed(error);
      return false;
    }
    const { viewer, expiresAt } = identity;
    // Nobody may ask for next to nothing, and shares its count by address.
    const key = viewer.userId ?? `address ${address}`;
    if (this.#state.kind !== 'unknown') return false;
    if (!perUser.take(key, limits.socketsPerUser)) {
      link.close(CLOSE_CODES.tooManyInitialisationRequests.code, 'Too many sockets of one user');
      return false;
    }
    const timer = setInterval(
      () => void this.#recheck(credentials, viewer, expiresAt),
      limits.tokenRecheckSeconds * 1_000,
    );
    this.#state = { kind: 'known', viewer, key, timer: timer.unref() };
    link.acknowledge();
    return true;
  }

  async #recheck(credentials: Credentials, before: Viewer, expiresAt: Date | null): Promise<void> {
    if (expiresAt && expiresAt <= new Date()) return this.close(CLOSE_CODES.unauthorized.code, 'The token expired');
    try {
      const { viewer } = await this.#o.identify(credentials);
      const same = viewer.userId === before.userId && viewer.share?.linkId === before.share?.linkId;
      if (!same) this.close(CLOSE_CODES.forbidden.code, 'Access was revoked');
    } catch (error) {
      // A database that is away for a moment revokes nothing.
      if (isRefusal(error)) this.close(CLOSE_CODES.forbidden.code, 'Access was revoked');
      else this.#o.log.warn({ err: error }, 'a token could not be looked at again');
    }
  }

  #failed(error: unknown): void {
    this.#o.log.warn({ err: error }, 'a token could not be looked at');
    this.close(CLOSE_CODES.internalServerError.code, 'Internal server error');
  }

  close(code: number, reason: string): void {
    this.#o.link.close(code, reason);
  }

  /** The socket is closed. */
  release(): void {
    if (this.#state.kind === 'known') {
      clearInterval(this.#state.timer);
      this.#o.perUser.release(this.#state.key);
    }
    this.#state = { kind: 'gone' };
  }
}

const REFUSALS = ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'EXPIRED'];

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && REFUSALS.includes(String(error.code));
