// One delivery at a time of a live subscription, awaited together with a clock: whoever waits is woken by either, or by the end.
import type { Delivery, LiveSubscription } from '@tessera/bus';

export class Inbox {
  readonly #subscription: LiveSubscription;
  #arrived: Delivery | undefined;
  #reading = false;
  #closed = false;
  #cut = false;
  #wake: () => void = () => {};
  #timer: NodeJS.Timeout | undefined;

  constructor(subscription: LiveSubscription) {
    this.#subscription = subscription;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The channel ended, not the reader. */
  get cut(): boolean {
    return this.#cut;
  }

  /** The next delivery, or undefined when `ms` are over or the end came. Nothing is read before it is asked for. */
  async take(ms: number): Promise<Delivery | undefined> {
    this.#read();
    if (!this.#arrived && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#timer = setTimeout(resolve, Math.max(0, ms));
      });
      clearTimeout(this.#timer);
    }
    const delivery = this.#arrived;
    this.#arrived = undefined;
    return delivery;
  }

  /** What has come already, without waiting for more. */
  async poll(): Promise<Delivery | undefined> {
    this.#read();
    // A delivery that is there settles within this turn of the event loop.
    if (!this.#arrived) await new Promise((resolve) => setImmediate(resolve));
    const delivery = this.#arrived;
    this.#arrived = undefined;
    return delivery;
  }

  #read(): void {
    if (this.#reading || this.#arrived || this.#closed) return;
    this.#reading = true;
    void this.#subscription.next().then(({ done, value }) => {
      this.#reading = false;
      if (!done) this.#arrived = value;
      else if (!this.#closed) {
        this.#cut = true;
        this.close();
      }
      this.#wake();
    });
  }

  /** Frees the subscription and wakes whoever waits. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#arrived = undefined;
    clearTimeout(this.#timer);
    void this.#subscription.return();
    this.#wake();
  }
}
