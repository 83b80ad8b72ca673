// A token bucket per client: so many changes a second, with some in reserve.

export class RateLimiter {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** ms to wait, 0 where the change may pass now. */
  take(key: string, now: number): number {
    const bucket = this.#buckets.get(key) ?? { left: this.#burst, at: now };
    const left = Math.min(this.#burst, bucket.left + ((now - bucket.at) / 1000) * this.#perSecond);
    this.#buckets.set(key, { left: left >= 1 ? left - 1 : left, at: now });
    return left >= 1 ? 0 : Math.ceil(((1 - left) / this.#perSecond) * 1000);
  }

  /** Forgets buckets that are full again. */
  sweep(now: number): void {
    const full = (this.#burst / this.#perSecond) * 1000;
    for (const [key, { at }] of this.#buckets) if (now - at >= full) this.#buckets.delete(key);
  }

  get size(): number {
    return this.#buckets.size;
  }
}
