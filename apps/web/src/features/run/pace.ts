// Steps per second of a run that is followed, over the last few seconds.

/** ms over which the pace is measured. */
const PACE_MS = 3_000;
/** ms after the start in which steps are replayed, not computed. */
const REPLAY_MS = 700;

export class Pace {
  readonly #openedAt: number;
  readonly #arrivals: number[] = [];

  /** `now` in ms, as in all that follows. */
  constructor(now: number) {
    this.#openedAt = now;
  }

  /** Counts a step that came now: steps per second, or null while nothing can be said. */
  count(now: number): number | null {
    if (now - this.#openedAt < REPLAY_MS) return null;
    this.#arrivals.push(now);
    while (now - this.#arrivals[0]! > PACE_MS) this.#arrivals.shift();
    const seconds = (now - this.#arrivals[0]!) / 1_000;
    return seconds > 0.5 ? (this.#arrivals.length - 1) / seconds : null;
  }
}
