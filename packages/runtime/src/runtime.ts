// A runtime: one chosen provider, and the place where ONNX Runtime lives (a child process, or this one).
import type { EngineStats } from './child/protocol.ts';
import { openChildRuntime } from './child-runtime.ts';
import { openInlineRuntime } from './inline-runtime.ts';
import type { EngineLimits } from './limits.ts';
import type { OnnxModel } from './model.ts';
import type { ProviderName } from './providers/provider.ts';
import type { ProviderChoice } from './select.ts';
import type { Session, SessionOptions } from './session.ts';

export type ProcessChoice = 'child' | 'inline';

export interface RuntimeOptions {
  /** Default `auto`. */
  readonly provider?: ProviderChoice;
  /** Default `child`: runs block the thread that makes them, and a native crash takes the whole process with it. */
  readonly process?: ProcessChoice;
  /** Defaults for every `load`. */
  readonly threads?: number;
  readonly deviceId?: number;
  readonly limits?: Partial<EngineLimits>;
}

export interface Runtime {
  readonly provider: ProviderName;
  /** One line for the user: which provider and why. */
  readonly why: string;
  readonly process: ProcessChoice;
  /** How many times a new process was started after the last had died. */
  readonly restarts: number;
  /**
   * Loads a model. After a crash the first load starts a new process, from the third crash in a row without a finished run with growing delay.
   * @throws ModelLoadError, OptionError, RuntimeClosedError, EngineCrashedError (the process died during the load)
   */
  load(model: OnnxModel, options?: SessionOptions): Promise<Session>;
  /** Memory of the process that holds ONNX Runtime. In a child it is answered between two runs. */
  stats(): Promise<EngineStats>;
  /**
   * Stops everything at once, also in mid-run: the child is killed, its calls and sessions fail with EngineCrashedError (`requested`), the next
   * load starts another. Inline nothing can stop a run: it ends first, then the sessions are disposed.
   */
  kill(): Promise<void>;
  /** Lets queued runs finish for a bounded time, releases every session, ends the child. Later calls throw RuntimeClosedError. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Chooses a provider by really running a tiny graph on it, and opens a runtime on it.
 * @throws ProviderUnavailableError when the named provider cannot run here; nothing else is taken in its place
 */
export async function openRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  return (options.process ?? 'child') === 'child' ? openChildRuntime(options) : openInlineRuntime(options);
}
