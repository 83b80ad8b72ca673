// Keeps the lease of one run, and brings back what people asked for: on a timer, and at once when there may be news.
import { type Database, FencedError, type RenewedLease, renewLease } from '@tessera/db';
import type { Logger } from 'pino';

export interface LeaseOptions {
  readonly database: Database;
  readonly runId: string;
  readonly fence: number;
  readonly leaseSeconds: number;
  readonly renewSeconds: number;
  readonly log: Logger;
  onRenewed(lease: RenewedLease): void;
  onFenced(): void;
}

export class LeaseKeeper implements AsyncDisposable {
  readonly #options: LeaseOptions;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.renewNow(), options.renewSeconds * 1000);
  }

  /** One renewal at a time; news that come during one cause another. */
  renewNow(): void {
    if (this.#closed) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = this.#renew().finally(() => {
      this.#running = undefined;
      if (!this.#again) return;
      this.#again = false;
      this.renewNow();
    });
  }

  async #renew(): Promise<void> {
    const { database, runId, fence, leaseSeconds, log } = this.#options;
    try {
      const lease = await renewLease(database, runId, fence, leaseSeconds);
      if (!this.#closed) this.#options.onRenewed(lease);
    } catch (error) {
      if (this.#closed) return;
      if (error instanceof FencedError) this.#options.onFenced();
      // The next renewal may succeed; until another worker claims the run, it is still held.
      else log.warn({ err: error }, 'the lease could not be renewed');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
  }
}
