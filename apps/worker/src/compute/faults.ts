// What engine, store and media refuse, in the words that reach clients. Anything else stays what it is: a fault of ours.
import { EngineError } from '@tessera/engine';
import { DecodeTimeoutError, LimitError, MediaError, UnsupportedFormatError } from '@tessera/media';
import { EmptyPromptError, ModelNotPulledError, PromptCharacterError, UnknownModelError } from '@tessera/models';
import { RuntimeError, type RuntimeErrorCode } from '@tessera/runtime';
import { ComputeError, type ComputeErrorCode } from '@tessera/wire';

/** The engine's process died or is being closed: another try, or another worker, may do it. */
const PASSING: readonly RuntimeErrorCode[] = ['ENGINE_CRASHED', 'RUNTIME_CLOSED', 'SESSION_CLOSED'];

/** Runs `work`; what it throws on purpose becomes a ComputeError. */
export async function withComputeErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new ComputeError(code, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function codeOf(error: unknown): ComputeErrorCode | undefined {
  if (error instanceof EngineError) return 'BAD_INPUT';
  if (error instanceof UnknownModelError || error instanceof ModelNotPulledError) return 'NOT_FOUND';
  if (error instanceof EmptyPromptError || error instanceof PromptCharacterError) return 'BAD_INPUT';
  if (error instanceof UnsupportedFormatError) return 'UNSUPPORTED';
  if (error instanceof LimitError) return 'TOO_LARGE';
  if (error instanceof DecodeTimeoutError) return 'UNAVAILABLE';
  if (error instanceof MediaError) return 'BAD_INPUT';
  if (error instanceof RuntimeError && PASSING.includes(error.code)) return 'UNAVAILABLE';
  return undefined;
}
