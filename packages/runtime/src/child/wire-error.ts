// Errors across the process boundary: facts on the wire, our classes on both sides (rule P9).
import {
  FeedError,
  ModelLoadError,
  OptionError,
  oneLine,
  RunError,
  type RuntimeError,
  SessionClosedError,
} from '../errors.ts';
import type { WireError } from './protocol.ts';

export function toWire(thrown: unknown, provider: string): WireError {
  if (thrown instanceof FeedError) {
    return { code: thrown.code, name: thrown.input, given: thrown.given, expected: thrown.expected };
  }
  if (thrown instanceof OptionError) {
    return { code: thrown.code, name: thrown.option, given: thrown.given, expected: thrown.expected };
  }
  if (thrown instanceof ModelLoadError || thrown instanceof RunError) {
    return { code: thrown.code, provider: thrown.provider, detail: thrown.detail };
  }
  if (thrown instanceof SessionClosedError) return { code: thrown.code };
  return { code: 'RUN_FAILED', provider, detail: oneLine(thrown) };
}

export function fromWire(error: WireError): RuntimeError {
  switch (error.code) {
    case 'FEED_INVALID':
      return new FeedError({ input: error.name, given: error.given, expected: error.expected });
    case 'OPTION_INVALID':
      return new OptionError({ option: error.name, given: error.given, expected: error.expected });
    case 'MODEL_LOAD_FAILED':
      return new ModelLoadError(error);
    case 'RUN_FAILED':
      return new RunError(error);
    case 'SESSION_CLOSED':
      return new SessionClosedError();
  }
}
