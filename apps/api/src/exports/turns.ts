// So many at once, some that wait, and a word to whoever comes after: films take a core each, for seconds.
import { SchemaError } from '@tessera/schema';

export interface TurnsOptions {
  readonly atOnce: number;
  readonly waiting: number;
}

/** Too many are asked for already. */
export class BusyError extends SchemaError {
  constructor({ atOnce, waiting }: TurnsOptions) {
    super('UNAVAILABLE', `${atOnce} films are being made and ${waiting} wait already; try again in a minute.`);
  }
}

export class Turns {
  readonly #o: TurnsOptions;
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  constructor(options: TurnsOptions) {
    this.#o = options;
  }

  /** Works when its turn comes. @throws BusyError at once; the reason of `signal`, which also gives the place up */
  async take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#turn(signal);
    try {
      return await work();
    } finally {
      // Whoever waited longest takes the place over: nobody slips in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#working -= 1;
    }
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#working < this.#o.atOnce) {
      this.#working += 1;
      return;
    }
    if (this.#waiting.length >= this.#o.waiting) throw new BusyError(this.#o);
    await this.#called(signal);
  }

  #called(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(call), 1);
        reject(signal?.reason);
      };
      const call = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      this.#waiting.push(call);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }
}
