// Errors of the command line itself. They load nothing: a wrong option must be answered at once.
import { EXIT, type ExitCode } from './exit-codes.ts';

/** A fault found by the command line. The message is one line: cause and cure. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.exitCode = exitCode;
  }
}

/** The command line or one of its values is wrong. */
export class UsageError extends CliError {
  constructor(message: string) {
    super(EXIT.usage, message);
  }
}

/** A file that was given cannot be used. */
export class InputError extends CliError {
  readonly file: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(EXIT.input, `${file}: ${problem}`, options);
    this.file = file;
  }
}

/** A result cannot be written. */
export class OutputError extends CliError {
  readonly file: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(EXIT.output, `cannot write ${file}: ${problem}`, options);
    this.file = file;
  }
}

/** A run that had begun failed, or not all of its results could be written. The exit code and kind are those of `cause`. */
export class UnfinishedRunError extends Error {
  /** What was written all the same. */
  readonly files: readonly { readonly kind: string; readonly path: string }[];
  /** What was kept and how to go on, in words. */
  readonly kept: string;

  constructor(cause: unknown, kept: string, files: UnfinishedRunError['files']) {
    super(`The run did not finish; ${kept}`, { cause });
    this.name = 'UnfinishedRunError';
    this.kept = kept;
    this.files = files;
  }
}
