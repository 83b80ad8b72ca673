// Ctrl-C and SIGTERM: the first asks for an orderly end, the second ends the program at once.
import { EXIT, type ExitCode } from '../exit-codes.ts';

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;

export class Stopper {
  readonly #controller = new AbortController();
  readonly #promise: string;
  #exitCode: ExitCode | undefined;

  /** `promise`: what happens after the first signal, as a line for the user. */
  constructor(promise: string) {
    this.#promise = promise;
    for (const signal of Object.keys(CODES)) process.on(signal, this.#stop);
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What the program ends with once a signal came. */
  get exitCode(): ExitCode | undefined {
    return this.#exitCode;
  }

  readonly #stop = (signal: NodeJS.Signals): void => {
    const code = signal === 'SIGTERM' ? CODES.SIGTERM : CODES.SIGINT;
    if (this.#exitCode !== undefined) process.exit(code);
    this.#exitCode = code;
    process.stderr.write(`\n${this.#promise}; once more ends it at once.\n`);
    this.#controller.abort();
  };

  [Symbol.dispose](): void {
    for (const signal of Object.keys(CODES)) process.off(signal, this.#stop);
  }
}
