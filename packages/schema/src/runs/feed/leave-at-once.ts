// An async generator whose return() does not wait for the event that is being awaited: what it holds is freed at once.

const DONE = { done: true, value: undefined } as const;

/** `free` lets go of whatever the generator waits for, so that it ends by itself. */
export function leaveAtOnce<T>(events: AsyncGenerator<T, void>, free: () => void): AsyncIterableIterator<T, undefined> {
  const waiting = new Set<(end: typeof DONE) => void>();
  let left = false;
  return {
    next() {
      if (left) return Promise.resolve(DONE);
      return new Promise((resolve, reject) => {
        waiting.add(resolve);
        void events
          .next()
          .then(({ done, value }) => resolve(done ? DONE : { done: false, value }), reject)
          .finally(() => waiting.delete(resolve));
      });
    },
    async return() {
      left = true;
      free();
      for (const resolve of waiting) resolve(DONE);
      waiting.clear();
      void events.return().catch(() => undefined);
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
