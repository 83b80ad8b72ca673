// Waiting between attempts to reach Redis: longer each time, up to a limit, and over at once when closed.
import { setTimeout as delay } from 'node:timers/promises';

export class Backoff {
  readonly #longestMs: number;
  readonly #signal: AbortSignal;
  #failures = 0;

  constructor(longestMs: number, signal: AbortSignal) {
    this.#longestMs = longestMs;
    this.#signal = signal;
  }

  async failed(): Promise<void> {
    this.#failures += 1;
    const ms = Math.min(20 * 2 ** this.#failures, this.#longestMs);
    await delay(ms, undefined, { signal: this.#signal }).catch(() => {});
  }

  worked(): void {
    this.#failures = 0;
  }
}
