// The one place where any thrown thing becomes a line for the user and an exit code.
import { CheckpointError, NotFiniteError, PlanError } from '@tessera/engine';
import { EncodeError, EncoderMissingError, MediaError, OptionError as MediaOptionError } from '@tessera/media';
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
import { EXIT, type ExitCode } from './exit-codes.ts';
import { flagOf } from './options/flag-names.ts';

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
  return CODES.find(([, classes]) => classes.some((c) => error instanceof c))?.[0] ?? EXIT.internal;
}

/** A plan's field under the name of its option. */
function planMessage({ path, message }: PlanError): string {
  const flag = flagOf(path);
  return flag ? `${flag}${message.slice(path.length).replace(/^:/, '')}` : message;
}

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
