// How fast bytes come, over the last few seconds.

/** ms over which the rate is measured: shorter jumps about, longer lags behind a line that changes. */
const WINDOW_MS = 5_000;
/** ms between samples. */
const SPACING_MS = 100;
/** ms that have to be seen before a rate is told. */
const LEAST_MS = 500;

export class ByteRate {
  #samples: { readonly at: number; readonly bytes: number }[] = [];

  /** What was counted before says nothing about what comes. */
  restart(): void {
    this.#samples = [];
  }

  /** `bytes`: in all so far; `now` in ms. */
  add(now: number, bytes: number): void {
    const last = this.#samples.at(-1);
    if (last && now - last.at < SPACING_MS) return;
    this.#samples.push({ at: now, bytes });
    // One sample from before the window stays: the rate is measured from it.
    while ((this.#samples[1]?.at ?? now) < now - WINDOW_MS) this.#samples.shift();
  }

  /** Bytes per second up to now, falling while nothing comes; null while nothing can be said. */
  perSecond(now: number, bytes: number): number | null {
    const first = this.#samples[0];
    if (!first || now - first.at < LEAST_MS) return null;
    return ((bytes - first.bytes) * 1_000) / (now - first.at);
  }
}
