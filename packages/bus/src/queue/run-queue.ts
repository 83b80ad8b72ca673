// The run queue, a port: hints that something may be claimable, and commands for the worker that holds a run.
// Fairness, leases and fences are the database's; a hint may be spurious, and one that is lost costs `pollMs`.
import type { RunCommand } from '@tessera/protocol';

export interface HintOptions {
  /** Not before this, for retries and backoff. Default 0. */
  readonly delayMs?: number;
}

export interface ConsumeOptions {
  /** Handlers at a time: the lanes of this worker's device. */
  readonly concurrency: number;
  /** Told of a handler that threw; its hint comes back after `handlerRetryMs`. */
  readonly onError?: (error: unknown, runId: string | null) => void;
}

/**
 * Takes the fairest claimable run from the database and works on it to its end; the run of the hint need not be it.
 * `runId` null: no hint came for `pollMs`, look anyway. `signal` is aborted when the consumer closes: finish the step
 * and hand the lease back.
 */
export type HintHandler = (runId: string | null, signal: AbortSignal) => Promise<void>;

export interface Consumer extends AsyncDisposable {
  /** Takes no more hints, aborts the handlers' signal and waits for them. */
  close(): Promise<void>;
}

/** Commands are hints too: the database has them, `gap` says to look there. Deliveries repeat; `seq` rises. */
export type CommandDelivery =
  | { readonly type: 'command'; readonly seq: number; readonly command: RunCommand }
  | { readonly type: 'gap' };

export interface CommandOptions {
  /** Ends the iteration. */
  readonly signal?: AbortSignal;
}

export interface RunQueue extends AsyncDisposable {
  /**
   * Says that a run may be claimable. While a hint for it waits, another one without delay changes nothing; one that is
   * being handled does not count as waiting. @throws BusNameError, BusOptionError, BusUnavailableError
   */
  hint(runId: string, options?: HintOptions): Promise<void>;
  /** Handles hints until closed; each hint is handled by one consumer of all. @throws BusOptionError, BusClosedError */
  consume(handler: HintHandler, options: ConsumeOptions): Consumer;
  /** Sends a command to whoever holds the run, now or within `topicTtlMs`. @throws BusNameError, BusUnavailableError */
  signal(runId: string, command: RunCommand): Promise<void>;
  /** Commands for a run, including those sent before, within the replay window. @throws BusNameError */
  signals(runId: string, options?: CommandOptions): AsyncIterableIterator<CommandDelivery, undefined>;
}
