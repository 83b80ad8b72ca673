// So many handlers at a time, and waiting for a free place or for the end of all.

export class Slots {
  readonly #count: number;
  readonly #running = new Set<Promise<void>>();

  constructor(count: number) {
    this.#count = count;
  }

  get size(): number {
    return this.#running.size;
  }

  get free(): boolean {
    return this.#running.size < this.#count;
  }

  /** `work` never rejects. */
  start(work: () => Promise<void>): void {
    const running = work().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Settles when a place may be free. */
  async anyFree(): Promise<void> {
    if (!this.free) await Promise.race(this.#running);
  }

  async allDone(): Promise<void> {
    await Promise.all(this.#running);
  }
}
