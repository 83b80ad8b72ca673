// What the door says: stable codes of the protocol, one line for people.
import type { ErrorCode } from '@tessera/protocol';

export class AccessError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The bearer token is of no live session. */
export class InvalidTokenError extends AccessError {
  constructor() {
    super('UNAUTHENTICATED', 'This token is not valid or no longer; sign in again.');
  }
}

/** Too much in too short a time. `seconds` is the time to wait. */
export class RateLimitedError extends AccessError {
  readonly seconds: number;
  constructor(seconds: number) {
    super('RATE_LIMITED', `Too many requests; try again in ${seconds} s.`);
    this.seconds = seconds;
  }
}

/** A page of another origin, or a request for another host. */
export class OriginError extends AccessError {
  constructor(what: string) {
    super('FORBIDDEN', `${what} may not use this server; add it to TESSERA_ORIGINS if it should.`);
  }
}
