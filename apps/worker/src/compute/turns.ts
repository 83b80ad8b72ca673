// One piece of work at a time, in the order of asking.

/** Requests share the device with running optimisations: one small graph run of all requests is in flight at any time. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}
