// Live changes on their way to the engine: each request once, and which request a change was.
import type { SteeringRequest } from '@tessera/db';
import { Mailbox, type Steering } from '@tessera/engine';

export class SteeringInbox {
  readonly mailbox = new Mailbox();
  readonly #taken = new Set<number>();
  readonly #seqs = new Map<Steering, number>();

  /** Requests that wait in the database, oldest first; those that were taken before are passed over. */
  take(requests: readonly SteeringRequest[]): void {
    for (const { seq, change } of requests) {
      if (this.#taken.has(seq)) continue;
      this.#taken.add(seq);
      // The engine checks a change when it takes it, and says why it rejects one.
      const steering = change as Steering;
      this.#seqs.set(steering, seq);
      this.mailbox.push(steering);
    }
  }

  /** The number of a requested change; undefined for one that the plan itself brings. */
  readonly seqOf = (change: Steering): number | undefined => this.#seqs.get(change);
}
