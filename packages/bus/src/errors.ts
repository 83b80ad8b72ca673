// Every error this package throws on purpose: one line, what was wrong and what would be right.

export abstract class BusError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\s*[\r\n]+\s*/g, ' '), options);
    this.name = new.target.name;
  }
}

/** Redis did not take a command. It may have taken effect; a repeated publish with the same `seq` is harmless. */
export class BusUnavailableError extends BusError {
  readonly code = 'BUS_UNAVAILABLE';

  constructor(doing: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`Redis did not answer while ${doing} (${why}); it is safe to try again.`, { cause });
  }
}

/** A topic, key or run id that cannot be used as a name. */
export class BusNameError extends BusError {
  readonly code = 'BUS_NAME';
  readonly what: string;

  constructor(what: string, value: string, wanted: string) {
    super(`${what} is ${JSON.stringify(value.slice(0, 80))}; it must be ${wanted}.`);
    this.what = what;
  }
}

/** A number that cannot be used: a `seq`, a delay, a concurrency. */
export class BusOptionError extends BusError {
  readonly code = 'BUS_OPTION';
  readonly option: string;

  constructor(option: string, value: unknown, wanted: string) {
    super(`${option} is ${String(value)}; it must be ${wanted}.`);
    this.option = option;
  }
}

/** An event larger than `eventBytes`. */
export class EventTooLargeError extends BusError {
  readonly code = 'BUS_EVENT_TOO_LARGE';
  readonly bytes: number;
  readonly max: number;

  constructor(bytes: number, max: number) {
    super(`An event has ${bytes} bytes, more than the ${max} allowed; store it and publish its address.`);
    this.bytes = bytes;
    this.max = max;
  }
}

/** The bus, queue or channel was closed before the call. */
export class BusClosedError extends BusError {
  readonly code = 'BUS_CLOSED';

  constructor() {
    super('The bus is closed; open a new one.');
  }
}
