// The port: a loaded model that runs, and the options it is loaded with.
import { availableParallelism } from 'node:os';
import { OptionError } from './errors.ts';
import type { TensorInfo } from './model.ts';
import type { Tensor } from './tensor.ts';

export type Feeds = Readonly<Record<string, Tensor>>;

export interface Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * Runs the model once. Calls on one session are queued and run in order. The caller owns the outputs, which no later run touches.
   * @throws FeedError unless the feeds are exactly the declared inputs, with their dtype and shape
   * @throws SessionClosedError after dispose; RunError when ONNX Runtime fails; EngineCrashedError when its process died
   */
  run(feeds: Feeds): Promise<Record<string, Tensor>>;
  /** Lets queued runs finish, then frees the native memory. A second call does nothing. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SessionOptions {
  /** Threads inside one operator, on the CPU. Default: the machine's parallelism, at most 16 (more gains nothing on these models). */
  readonly threads?: number;
  /** true (default): repack weights, 6 to 7 % less CPU a step. false: leave them memory-mapped, loads many times faster and in a fraction of the memory. */
  readonly prepack?: boolean;
  /** Index of the GPU for cuda and tensorrt. Default 0. */
  readonly deviceId?: number;
  /** Plan memory from the first run. Default false: equal time and a third less peak memory on image decoders. */
  readonly memoryPattern?: boolean;
  /** false: refuse a model of which any node would run on the CPU instead of the provider. Default true. */
  readonly cpuFallback?: boolean;
  /** What ONNX Runtime prints to stderr: 0 verbose, 1 info, 2 warning, 3 error, 4 fatal (default; errors are thrown anyway). */
  readonly logSeverity?: 0 | 1 | 2 | 3 | 4;
}

/** Most threads taken by default. */
const MAX_DEFAULT_THREADS = 16;

/** The default of `threads`, or that of a process which leaves some cores to the others beside it; at least 1. */
export function defaultThreads({ leave = 0 }: { readonly leave?: number } = {}): number {
  return Math.max(1, Math.min(availableParallelism() - leave, MAX_DEFAULT_THREADS));
}

/**
 * The options with every default filled in.
 * @throws OptionError for a thread count or device index that is no whole number in range
 */
export function completeOptions(options: SessionOptions = {}): Required<SessionOptions> {
  const threads = options.threads ?? defaultThreads();
  const deviceId = options.deviceId ?? 0;
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > 1024) {
    throw new OptionError({ option: 'threads', given: String(threads), expected: 'a whole number from 1 to 1024' });
  }
  if (!Number.isSafeInteger(deviceId) || deviceId < 0 || deviceId > 255) {
    throw new OptionError({ option: 'deviceId', given: String(deviceId), expected: 'a whole number from 0 to 255' });
  }
  return {
    threads,
    deviceId,
    prepack: options.prepack ?? true,
    memoryPattern: options.memoryPattern ?? false,
    cpuFallback: options.cpuFallback ?? true,
    logSeverity: options.logSeverity ?? 4,
  };
}
