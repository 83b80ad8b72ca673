// What was opened, closed in the opposite order; one that fails does not keep the others open.

export class Closers implements AsyncDisposable {
  readonly #closers: (() => unknown)[] = [];
  #closing: Promise<void> | undefined;

  /** Takes something over: it is closed with the rest. */
  use<T extends Partial<AsyncDisposable & Disposable>>(opened: T): T {
    this.add(async () => {
      await opened[Symbol.asyncDispose]?.();
      opened[Symbol.dispose]?.();
    });
    return opened;
  }

  add(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** Once, however often it is called. @throws AggregateError after everything was tried */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const errors: unknown[] = [];
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'Not everything could be closed.');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
