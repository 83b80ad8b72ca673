// How a call can end without an answer.
import { BusError } from '../errors.ts';

/** Nobody answered in time: no server, a server that died, or one that is too slow. The request may have been handled. */
export class CallTimeoutError extends BusError {
  readonly code = 'BUS_CALL_TIMEOUT';
  readonly service: string;
  readonly timeoutMs: number;

  constructor(service: string, timeoutMs: number) {
    super(`Nobody answered for ${service} within ${timeoutMs} ms; see that a process serves it, and try again.`);
    this.service = service;
    this.timeoutMs = timeoutMs;
  }
}

/** What a handler refused or failed at; thrown by it, and again at the caller. */
export class CallFailedError extends BusError {
  readonly code = 'BUS_CALL_FAILED';
  /** The service's own word for it; `INTERNAL` where the handler threw something else. */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A request larger than `callBytes`. */
export class CallTooLargeError extends BusError {
  readonly code = 'BUS_CALL_TOO_LARGE';
  readonly bytes: number;
  readonly max: number;

  constructor(bytes: number, max: number) {
    super(`A request has ${bytes} bytes, more than the ${max} allowed; ask for less at once.`);
    this.bytes = bytes;
    this.max = max;
  }
}

/** `callsWaiting` requests wait for a server already. */
export class CallsFullError extends BusError {
  readonly code = 'BUS_CALLS_FULL';
  readonly service: string;
  readonly max: number;

  constructor(service: string, max: number) {
    super(`${max} requests wait for ${service} already; try again later.`);
    this.service = service;
    this.max = max;
  }
}
