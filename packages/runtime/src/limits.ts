// Every limit of this package: default, unit, reason.

export interface EngineLimits {
  /** ms a child may take to say hello. Starting takes 0.3 s on an idle machine; a loaded or cold one can need many times that. */
  readonly startTimeoutMs: number;
  /** ms a provider may take to load and run the test graph. A first CUDA start takes seconds; a wedged driver takes for ever. */
  readonly probeTimeoutMs: number;
  /** ms a graceful close waits for queued runs and releases before the child is killed. */
  readonly closeTimeoutMs: number;
  /** ms before a restart after the second crash in a row without a finished run; doubles with each further one. */
  readonly backoffBaseMs: number;
  /** ms, the longest wait before a restart. */
  readonly backoffMaxMs: number;
  /** Lines of the child's stderr kept for the crash error. */
  readonly stderrLines: number;
  /** Characters kept of each of those lines. */
  readonly stderrLineLength: number;
}

export const ENGINE_LIMITS: EngineLimits = {
  startTimeoutMs: 60_000,
  probeTimeoutMs: 90_000,
  closeTimeoutMs: 5_000,
  backoffBaseMs: 100,
  backoffMaxMs: 10_000,
  stderrLines: 20,
  stderrLineLength: 500,
};
