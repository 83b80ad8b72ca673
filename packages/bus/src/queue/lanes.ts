// A consumer's lanes: so many handlers at a time, each fed by `take`, which waits for a hint or gives up after a while.
import { BusOptionError } from '../errors.ts';
import type { ConsumeOptions, Consumer, HintHandler } from './run-queue.ts';

export interface LaneSource {
  /** Waits for a hint, at most `pollMs`: null then. Called by one lane at a time. */
  take(signal: AbortSignal): Promise<string | null>;
  /** Brings a hint back whose handler failed. */
  retry(runId: string): Promise<void>;
  /** Frees what `take` holds. */
  close(): Promise<void>;
}

export class Lanes implements Consumer {
  readonly #source: LaneSource;
  readonly #handler: HintHandler;
  readonly #onError: (error: unknown, runId: string | null) => void;
  readonly #abort = new AbortController();
  readonly #lanes: Promise<void>;
  #closing: Promise<void> | undefined;
  /** Lanes take turns at the source. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(source: LaneSource, handler: HintHandler, { concurrency, onError }: ConsumeOptions) {
    if (!Number.isSafeInteger(concurrency) || concurrency < 1 || concurrency > 1024) {
      throw new BusOptionError('concurrency', concurrency, 'a whole number from 1 to 1024');
    }
    this.#source = source;
    this.#handler = handler;
    this.#onError = onError ?? (() => {});
    this.#lanes = Promise.all(Array.from({ length: concurrency }, () => this.#lane())).then(() => {});
  }

  async #lane(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const runId = await this.#take(signal);
      if (signal.aborted) {
        // Taken in the moment of closing: somebody else shall have it.
        if (runId !== null) await this.#giveBack(runId);
        return;
      }
      try {
        await this.#handler(runId, signal);
      } catch (error) {
        this.#onError(error, runId);
        if (runId !== null) await this.#giveBack(runId);
      }
    }
  }

  #take(signal: AbortSignal): Promise<string | null> {
    const mine = this.#turn.then(() => (signal.aborted ? null : this.#source.take(signal)));
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async #giveBack(runId: string): Promise<void> {
    // Without Redis the hint is lost; polling finds the run.
    await this.#source.retry(runId).catch((error: unknown) => this.#onError(error, runId));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#abort.abort();
    await this.#lanes;
    await this.#source.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
