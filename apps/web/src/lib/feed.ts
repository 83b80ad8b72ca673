// A push source as an async iterator whose `return()` settles a waiting `next()` at once.

export interface Feed<Item> {
  readonly items: AsyncIterableIterator<Item, undefined>;
  push(item: Item): void;
  end(): void;
  fail(cause: unknown): void;
}

/** `onClose` is called once, however the feed ends. */
export function feedOf<Item>(onClose: () => void): Feed<Item> {
  const queue: Item[] = [];
  let state: { readonly type: 'open' } | { readonly type: 'ended' } | { readonly type: 'failed'; cause: unknown } = {
    type: 'open',
  };
  let wake: (() => void) | undefined;
  const close = (next: typeof state) => {
    if (state.type !== 'open') return;
    state = next;
    onClose();
    wake?.();
  };
  const items: AsyncIterableIterator<Item, undefined> = {
    async next() {
      for (;;) {
        const item = queue.shift();
        if (item !== undefined) return { done: false, value: item };
        if (state.type === 'failed') throw state.cause;
        if (state.type === 'ended') return { done: true, value: undefined };
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async return() {
      queue.length = 0;
      close({ type: 'ended' });
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return items;
    },
  };
  return {
    items,
    push: (item) => {
      queue.push(item);
      wake?.();
    },
    end: () => close({ type: 'ended' }),
    fail: (cause) => close({ type: 'failed', cause }),
  };
}
