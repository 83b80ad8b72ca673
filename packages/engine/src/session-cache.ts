// Loaded graphs by key: shared while in use, the least recently used ones unloaded, all dropped when their process died.
import type { OnnxModel } from '@tessera/graph';
import type { Feeds, Runtime, Session, SessionOptions, Tensor } from '@tessera/runtime';

/**
 * Bytes of weights up to which a graph's weights are repacked. A step of VQ-LL-32 with ViT-B/32 then takes 5.1 GB instead of
 * 3.7, for 4 to 5 % less time (docs/performance.md); below this size the copy costs nothing that matters.
 */
const PACK_LIMIT = 200e6;

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
    const entry = this.#entries.get(key) ?? { session: this.#load(build(), options), leases: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.leases += 1;
    let session: Session;
    try {
      session = await entry.session;
    } catch (error) {
      if (isGone(error)) this.#entries.clear();
      entry.leases -= 1;
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
    return {
      run: async (feeds) => {
        try {
          return await session.run(feeds);
        } catch (error) {
          if (isGone(error)) this.#entries.clear();
          throw error;
        }
      },
      [Symbol.dispose]: () => {
        entry.leases -= 1;
        void this.#trim();
      },
    };
  }

  #load(model: OnnxModel, options: SessionOptions | undefined): Promise<Session> {
    return this.#runtime.load(model, { prepack: model.weightBytes <= PACK_LIMIT, ...options });
  }

  async #trim(): Promise<void> {
    const idle = [...this.#entries].filter(([, entry]) => entry.leases === 0);
    const excess = idle.slice(0, Math.max(0, idle.length - this.#idleLimit));
    // Forgotten at once, so that nobody takes them while they are being unloaded.
    for (const [key] of excess) this.#entries.delete(key);
    for (const [, entry] of excess) {
      const session = await entry.session.catch(() => undefined);
      await session?.[Symbol.asyncDispose]();
    }
  }
}

/** Whether every loaded graph went with this error: the process died, or was killed on request. */
function isGone(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'ENGINE_CRASHED' || error.code === 'SESSION_CLOSED')
  );
}
