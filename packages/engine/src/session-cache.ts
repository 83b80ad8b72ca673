// Loaded graphs by key: shared while in use, the least recently used ones unloaded, all dropped when their process died.
import type { OnnxModel } from '@tessera/graph';
import type { Feeds, Runtime, Session, SessionOptions, Tensor } from '@tessera/runtime';

interface Entry {
  readonly session: Promise<Session>;
  leases: number;
}

/** A session in use; disposing gives it back to the cache. */
export interface Lease {
  run(feeds: Feeds): Promise<Record<string, Tensor>>;
  [Symbol.dispose](): void;
}

export class SessionCache {
  readonly #runtime: Runtime;
  readonly #idleLimit: number;
  /** In order of last use. */
  readonly #entries = new Map<string, Entry>();

  /** `idleLimit`: graphs kept loaded though nothing uses them. Each holds the packed weights of its model. */
  constructor(runtime: Runtime, idleLimit: number) {
    this.#runtime = runtime;
    this.#idleLimit = idleLimit;
  }

  async take(key: string, build: () => OnnxModel, options?: SessionOptions): Promise<Lease> {
    const entry = this.#entries.get(key) ?? { session: this.#runtime.load(build(), options), leases: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.leases += 1;
    let session: Session;
    try {
      session = await entry.session;
    } catch (error) {
      this.#forget(key, entry);
      throw error;
    }
    return {
      run: async (feeds) => {
        try {
          return await session.run(feeds);
        } catch (error) {
          if (isCrash(error)) this.#entries.clear();
          throw error;
        }
      },
      [Symbol.dispose]: () => {
        entry.leases -= 1;
        void this.#trim();
      },
    };
  }

  #forget(key: string, entry: Entry): void {
    entry.leases -= 1;
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  async #trim(): Promise<void> {
    const idle = [...this.#entries].filter(([, entry]) => entry.leases === 0);
    for (const [key, entry] of idle.slice(0, Math.max(0, idle.length - this.#idleLimit))) {
      this.#entries.delete(key);
      const session = await entry.session.catch(() => undefined);
      await session?.[Symbol.asyncDispose]();
    }
  }
}

function isCrash(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENGINE_CRASHED';
}
