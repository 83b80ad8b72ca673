// Calls, a port: a request to a service that any process may serve, and its one answer.

export interface CallOptions {
  /** ms until the caller gives up. Default: `callTimeoutMs`. */
  readonly timeoutMs?: number;
  /** Gives up at once, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Answers one request. `signal` is aborted when the caller's time is over: nobody waits for the answer any more.
 * Throw a CallFailedError to tell the caller what was wrong; of anything else it learns only that the service failed.
 */
export type CallHandler = (payload: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>;

export interface ServeOptions {
  /** Handlers at a time. */
  readonly concurrency: number;
  /** Told of a handler that threw something unexpected, and of an answer that could not be sent. */
  readonly onError?: (error: unknown) => void;
}

export interface CallServer extends AsyncDisposable {
  /** Takes no more requests and waits until those it has are answered. */
  close(): Promise<void>;
}

export interface CallStats {
  /** Calls of this process without an answer yet. */
  readonly calling: number;
  /** Handlers at work in this process. */
  readonly handling: number;
}

export interface Calls extends AsyncDisposable {
  /**
   * The answer of whoever serves `service`. `payload` may be handed over by reference: do not change it afterwards.
   * @throws CallTimeoutError if none came in time, CallFailedError as the handler threw it, CallTooLargeError, CallsFullError;
   * BusUnavailableError while Redis is away; BusNameError, BusOptionError, BusClosedError; the reason of `signal`
   */
  call(service: string, payload: Uint8Array, options?: CallOptions): Promise<Uint8Array>;
  /** Answers requests until closed, also those that waited for it. @throws BusNameError, BusOptionError, BusClosedError */
  serve(service: string, handler: CallHandler, options: ServeOptions): CallServer;
  /**
   * Whether some process serves `service` now; one that died without a word is counted for some seconds more.
   * @throws BusUnavailableError while Redis is away; BusNameError, BusClosedError
   */
  served(service: string): Promise<boolean>;
  stats(): CallStats;
}
