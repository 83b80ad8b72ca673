// Frames of a run for animations and contact sheets, thinned out evenly when a run is long.
import type { Frame } from '@tessera/engine';

/** Frames kept at most: 15 seconds at 20 frames a second; of 256 px they take 59 MB. */
const CAPACITY = 300;

export interface ReelFrame {
  /** The step after which it was shown; -1 for the start. */
  readonly step: number;
  readonly frame: Frame;
}

export class Reel {
  readonly #capacity: number;
  #kept: ReelFrame[] = [];
  #stride = 1;
  #last: ReelFrame | undefined;
  #count = 0;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  add(step: number, frame: Frame): void {
    this.#last = { step, frame };
    if (this.#count++ % this.#stride === 0) this.#kept.push(this.#last);
    if (this.#kept.length <= this.#capacity) return;
    this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
  }

  /** In order; the first and the last frame are always there. */
  get frames(): readonly ReelFrame[] {
    const last = this.#last;
    return last && this.#kept.at(-1) !== last ? [...this.#kept, last] : this.#kept;
  }
}

/** `count` of `items`, evenly spread, first and last among them. */
export function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]!);
}
