// The errors of this package: one class per cause, each with its facts as fields and a stable `code`.

/** Base of every error this package throws on purpose. `code` is stable: programs switch on it, people read `message` (one line). */
export abstract class RuntimeError extends Error {
  abstract readonly code: RuntimeErrorCode;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

export type RuntimeErrorCode =
  | 'TENSOR_INVALID'
  | 'FEED_INVALID'
  | 'OPTION_INVALID'
  | 'MODEL_LOAD_FAILED'
  | 'RUN_FAILED'
  | 'SESSION_CLOSED'
  | 'RUNTIME_CLOSED'
  | 'PROVIDER_UNAVAILABLE'
  | 'ENGINE_CRASHED';

/** A tensor whose data does not fit its dtype or shape. */
export class TensorError extends RuntimeError {
  readonly code = 'TENSOR_INVALID';
}

/** A feed that is missing, unknown, or of another dtype or shape than the model declares. */
export class FeedError extends RuntimeError {
  readonly code = 'FEED_INVALID';
  readonly input: string;
  readonly given: string;
  readonly expected: string;

  constructor(facts: { input: string; given: string; expected: string }) {
    super(`Feed "${facts.input}" is ${facts.given}; it must be ${facts.expected}.`);
    this.input = facts.input;
    this.given = facts.given;
    this.expected = facts.expected;
  }
}

/** An option outside its range. */
export class OptionError extends RuntimeError {
  readonly code = 'OPTION_INVALID';
  readonly option: string;
  readonly given: string;
  readonly expected: string;

  constructor(facts: { option: string; given: string; expected: string }) {
    super(`Option "${facts.option}" is ${facts.given}; it must be ${facts.expected}.`);
    this.option = facts.option;
    this.given = facts.given;
    this.expected = facts.expected;
  }
}

/** ONNX Runtime refused a model: corrupt bytes, a missing weight file, an operator the provider lacks. */
export class ModelLoadError extends RuntimeError {
  readonly code = 'MODEL_LOAD_FAILED';
  readonly provider: string;
  readonly detail: string;

  constructor(facts: { provider: string; detail: string }) {
    super(`The model does not load on ${facts.provider}: ${facts.detail}`);
    this.provider = facts.provider;
    this.detail = facts.detail;
  }
}

/** ONNX Runtime failed inside a run, for example for want of device memory. The session stays usable. */
export class RunError extends RuntimeError {
  readonly code = 'RUN_FAILED';
  readonly provider: string;
  readonly detail: string;

  constructor(facts: { provider: string; detail: string }) {
    super(`The run failed on ${facts.provider}: ${facts.detail}`);
    this.provider = facts.provider;
    this.detail = facts.detail;
  }
}

/** A call on a session that was disposed. */
export class SessionClosedError extends RuntimeError {
  readonly code = 'SESSION_CLOSED';

  constructor() {
    super('This session was disposed; load the model again to run it.');
  }
}

/** A call on a runtime that was disposed, or that was disposed while the call was waiting. */
export class RuntimeClosedError extends RuntimeError {
  readonly code = 'RUNTIME_CLOSED';

  constructor() {
    super('This runtime was disposed; open another one to go on.');
  }
}

/** The provider asked for cannot run on this machine. `cure` says what would make it run. */
export class ProviderUnavailableError extends RuntimeError {
  readonly code = 'PROVIDER_UNAVAILABLE';
  readonly provider: string;
  readonly reason: string;
  readonly cure: string;

  constructor(facts: { provider: string; reason: string; cure: string }) {
    super(`Provider "${facts.provider}" is not available: ${facts.reason} ${facts.cure}`);
    this.provider = facts.provider;
    this.reason = facts.reason;
    this.cure = facts.cure;
  }
}

/** The engine's process died, by itself or by `kill()`; every call that waited on it gets this error. */
export class EngineCrashedError extends RuntimeError {
  readonly code = 'ENGINE_CRASHED';
  /** Exit status, null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines the process wrote to stderr, oldest first. */
  readonly stderr: readonly string[];
  /** True when `Runtime.kill()` ended it. */
  readonly requested: boolean;

  constructor(facts: {
    exitCode: number | null;
    signal: NodeJS.Signals | null;
    stderr: readonly string[];
    requested: boolean;
    /** What the parent saw, where there is more to say than exit code and signal. */
    detail?: string;
  }) {
    const end = facts.signal === null ? `exit code ${facts.exitCode ?? 'unknown'}` : `signal ${facts.signal}`;
    const last = facts.stderr.at(-1);
    super(
      facts.requested
        ? `The engine process was stopped on request (${end}); load the model again to go on.`
        : `The engine process ended unexpectedly (${end})${facts.detail === undefined ? '' : `: ${facts.detail}`}${last === undefined ? '' : `; its last line was "${last}"`}; load the model again to restart it.`,
    );
    this.exitCode = facts.exitCode;
    this.signal = facts.signal;
    this.stderr = facts.stderr;
    this.requested = facts.requested;
  }
}

/** The text of an unknown throw as one line of at most 400 characters, without ONNX Runtime's own source locations. */
export function oneLine(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const flat = text.replace(/\s+/g, ' ').trim();
  const said = flat.includes(' was false. ') ? flat.slice(flat.lastIndexOf(' was false. ') + 12) : flat;
  const bare = said.replace(/^\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : /, '').replace(/\/onnxruntime_src\/\S+ /g, '');
  return bare.length > 400 ? `${bare.slice(0, 399)}…` : bare;
}
