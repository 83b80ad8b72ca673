// Errors of the command line itself, and the one place where any thrown thing becomes a line for the user and an exit code.
import { CheckpointError, NotFiniteError, PlanError } from '@tessera/engine';
import {
  EncodeError,
  EncoderMissingError,
  FileAccessError,
  MediaError,
  OptionError as MediaOptionError,
} from '@tessera/media';
import {
  CheckpointFormatError,
  CheckpointOpenError,
  DiskFullError,
  DownloadCutError,
  EmptyPromptError,
  HashMismatchError,
  HubError,
  MissingTensorError,
  ModelAccessError,
  ModelConfigError,
  ModelNotPulledError,
  OfflineError,
  PromptCharacterError,
  RefusedPickleError,
  RemoteMissingError,
  TensorShapeError,
  TensorTypeError,
  TokenizerFileError,
  UnknownArchitectureError,
  UnknownModelError,
} from '@tessera/models';
import { ProviderUnavailableError, RuntimeError, OptionError as RuntimeOptionError } from '@tessera/runtime';
import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { flagOf } from './options/flag-names.ts';

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

type ErrorClass = abstract new (...args: never[]) => Error;

/** First match wins, so narrow classes stand before wide ones. */
const CODES: readonly (readonly [ExitCode, readonly ErrorClass[]])[] = [
  [EXIT.usage, [PlanError, MediaOptionError, RuntimeOptionError, EmptyPromptError, PromptCharacterError]],
  [EXIT.input, [CheckpointError]],
  [EXIT.diverged, [NotFiniteError]],
  [EXIT.network, [OfflineError, HubError, DownloadCutError, ModelAccessError, RemoteMissingError]],
  [EXIT.output, [DiskFullError, EncodeError, EncoderMissingError]],
  [
    EXIT.model,
    [
      UnknownModelError,
      ModelNotPulledError,
      HashMismatchError,
      UnknownArchitectureError,
      ModelConfigError,
      CheckpointOpenError,
      CheckpointFormatError,
      RefusedPickleError,
      MissingTensorError,
      TensorShapeError,
      TensorTypeError,
      TokenizerFileError,
    ],
  ],
  [EXIT.engine, [ProviderUnavailableError, RuntimeError]],
  [EXIT.input, [MediaError]],
];

/** What the user is told about an error. */
export interface Fault {
  readonly exitCode: ExitCode;
  /** Stable name for programs: the error's class. */
  readonly kind: string;
  /** One line. */
  readonly message: string;
}

/** The one place where unknown throws are normalised. */
export function faultOf(thrown: unknown): Fault {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const exitCode = exitCodeOf(error);
  const message = oneLine(error instanceof PlanError ? planMessage(error) : error.message);
  if (exitCode !== EXIT.internal) return { exitCode, kind: error.name, message };
  return {
    exitCode,
    kind: error.name,
    message: `${message} (this looks like a fault of Tessera; TESSERA_DEBUG=1 shows where)`,
  };
}

function exitCodeOf(error: Error): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof CommanderError) return EXIT.usage;
  return CODES.find(([, classes]) => classes.some((c) => error instanceof c))?.[0] ?? EXIT.internal;
}

/** A plan's field under the name of its option. */
function planMessage({ path, message }: PlanError): string {
  const flag = flagOf(path);
  return flag ? `${flag}${message.slice(path.length).replace(/^:/, '')}` : message;
}

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').trim();

/** Runs `read`; a complaint about the file's content gets the file's name. @throws InputError */
export async function inputFile<T>(file: string, read: () => Promise<T> | T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof MediaError) || error instanceof MediaOptionError) throw error;
    // A message about access already names the path.
    if (error instanceof FileAccessError)
      throw new InputError(file, error.message.replace(`cannot read ${file}: `, ''), { cause: error });
    throw new InputError(file, error.message, { cause: error });
  }
}
