// What people are told when a run cannot go on: a stable code and one line. Everything unexpected stays in the log.
import { DatabaseError } from '@tessera/db';
import { EngineError } from '@tessera/engine';
import { MediaError } from '@tessera/media';
import { ModelError } from '@tessera/models';
import type { RunFailure } from '@tessera/protocol';
import { EngineCrashedError, RuntimeError } from '@tessera/runtime';
import { withoutFolders } from './without-folders.ts';

/** What a run cannot begin with. */
export type InputFailureCode =
  | 'CONFIG_INVALID'
  | 'SEED_MISSING'
  | 'SEED_UNREADABLE'
  | 'MASK_MISSING'
  | 'MASK_UNREADABLE'
  | 'ORIGIN_MISSING';

/** A run whose own inputs keep it from being computed; the message is for the person who started it. */
export class RunInputError extends Error {
  readonly code: InputFailureCode;

  constructor(code: InputFailureCode, message: string, options?: ErrorOptions) {
    super(message.replace(/\s*[\r\n]+\s*/g, ' '), options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Whether the message of an error was written for people. */
const isTold = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof RunInputError ||
  error instanceof EngineError ||
  error instanceof ModelError ||
  error instanceof MediaError ||
  error instanceof RuntimeError;

/** The failure that a run ends with. `expected` false: a fault of ours, to be logged with its stack. */
export function failureOf(error: unknown): { readonly failure: RunFailure; readonly expected: boolean } {
  if (error instanceof EngineCrashedError) {
    const end = error.signal === null ? `exit code ${error.exitCode ?? 'unknown'}` : `signal ${error.signal}`;
    const message = `The run ended the engine's process again and again (${end}); lower its size or its crops.`;
    return { failure: { code: error.code, message }, expected: true };
  }
  if (isTold(error)) return { failure: { code: error.code, message: withoutFolders(error.message) }, expected: true };
  if (error instanceof DatabaseError && error.code === 'BAD_INPUT') {
    return { failure: { code: error.code, message: error.message }, expected: true };
  }
  const message = 'The worker failed at this run; the details are in its log.';
  return { failure: { code: 'INTERNAL', message }, expected: false };
}
