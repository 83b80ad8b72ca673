// The one place where any thrown thing becomes a line for the user and an exit code.
import { CheckpointError, EngineError, NotFiniteError, PlanError } from '@tessera/engine';
import { ShapeError } from '@tessera/graph';
import { EncodeError, EncoderMissingError, MediaError, OptionError as MediaOptionError } from '@tessera/media';
import { ModelError, type ModelErrorCode } from '@tessera/models';
import { RuntimeError, OptionError as RuntimeOptionError } from '@tessera/runtime';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { flagOf } from './options/flag-names.ts';

type ErrorClass = abstract new (...args: never[]) => Error;

/** First match wins, so narrow classes stand before the base of their package. */
const CODES: readonly (readonly [ExitCode, readonly ErrorClass[]])[] = [
  [EXIT.usage, [PlanError, MediaOptionError, RuntimeOptionError]],
  [EXIT.input, [CheckpointError]],
  [EXIT.diverged, [NotFiniteError]],
  [EXIT.output, [EncodeError, EncoderMissingError]],
  // Weights and config passed their own checks, and still make no graph.
  [EXIT.model, [ShapeError]],
  [EXIT.engine, [RuntimeError, EngineError]],
  [EXIT.input, [MediaError]],
];

/** Errors of models that are no fault of the model. */
const MODEL_CODES: Partial<Record<ModelErrorCode, ExitCode>> = {
  PROMPT_EMPTY: EXIT.usage,
  PROMPT_CHARACTER: EXIT.usage,
  HUB_OFFLINE: EXIT.network,
  HUB_FAILED: EXIT.network,
  HUB_ACCESS: EXIT.network,
  HUB_MISSING: EXIT.network,
  DOWNLOAD_CUT: EXIT.network,
  DISK_FULL: EXIT.output,
  STORE_FOLDER: EXIT.output,
  INT8_CACHE: EXIT.output,
};

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
  const message = oneLine(messageOf(error));
  if (exitCode !== EXIT.internal) return { exitCode, kind: error.name, message };
  return {
    exitCode,
    kind: error.name,
    message: `${message} (this looks like a fault of Tessera; TESSERA_DEBUG=1 shows where)`,
  };
}

function exitCodeOf(error: Error): ExitCode {
  if (error instanceof ModelError) return MODEL_CODES[error.code] ?? EXIT.model;
  return CODES.find(([, classes]) => classes.some((c) => error instanceof c))?.[0] ?? EXIT.internal;
}

function messageOf(error: Error): string {
  if (error instanceof PlanError) return planMessage(error);
  if (error instanceof ShapeError)
    return `the model's sizes do not go together (${error.message}): check that its config belongs to its weights`;
  return error.message;
}

/** A plan's field under the name of its option. */
function planMessage({ path, message }: PlanError): string {
  const flag = flagOf(path);
  return flag ? `${flag}${message.slice(path.length).replace(/^:/, '')}` : message;
}

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
