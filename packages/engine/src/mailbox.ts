// Where live changes wait for the next step of a run.
import type { Steering } from './plan.ts';

export class Mailbox {
  #waiting: Steering[] = [];

  /** Takes effect at the next step; several changes apply in order. */
  push(change: Steering): void {
    this.#waiting.push(change);
  }

  drain(): readonly Steering[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
