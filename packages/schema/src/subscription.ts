// What every subscription keeps to: the right is asked when it begins and again while it lives, and leaving frees at once.
import type { Context } from './context.ts';

type Feed<T> = AsyncIterator<T, unknown>;

/**
 * The feed with fresh rows for every event (the context lives as long as the subscription), and the right asked again every
 * `tokenRecheckSeconds`: it ends with that error. Not a generator: its return() would wait for the next event.
 */
export function guarded<T>(
  ctx: Context,
  feed: Feed<T>,
  check: () => Promise<unknown>,
): AsyncIterableIterator<T, undefined> {
  let checkedAt = Date.now();
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    await feed.return?.();
    return { done: true, value: undefined };
  };
  return {
    async next() {
      const { done, value } = await feed.next();
      if (done) return { done, value: undefined };
      ctx.loads.forget();
      if (Date.now() - checkedAt >= ctx.limits.tokenRecheckSeconds * 1_000) {
        try {
          await check();
        } catch (error) {
          await end();
          throw error;
        }
        checkedAt = Date.now();
      }
      return { done: false, value };
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** A feed of other values; undefined leaves an event out. */
export function mapped<T, R>(feed: Feed<T>, map: (value: T) => R | undefined): AsyncIterableIterator<R, undefined> {
  return {
    async next() {
      for (;;) {
        const { done, value } = await feed.next();
        if (done) return { done, value: undefined };
        const result = map(value);
        if (result !== undefined) return { done: false, value: result };
      }
    },
    async return() {
      await feed.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
