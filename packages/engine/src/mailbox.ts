// Where live changes wait for the next step of a run.
import type { Steering } from './plan.ts';

export class Mailbox {
  #waiting: Steering[] = [];

  /** Takes effect at the next step; several changes apply in order. */
  push(change: Steering): void {
    this.#waiting.push(change);
  }

  /** Changes of a step that failed, back in front of what came since. */
  putBack(changes: readonly Steering[]): void {
    this.#waiting = [...changes, ...this.#waiting];
  }

  drain(): readonly Steering[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
