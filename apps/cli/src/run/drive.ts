// Drives one run of the engine, pausing where a checkpoint is due or where a replayed run had been stopped.
import type { Checkpoint, Engine, OptimiseOptions, RunPlan, RunResult, StepEvent } from '@tessera/engine';

export interface DriveOptions extends Omit<OptimiseOptions, 'signal'> {
  readonly signal: AbortSignal;
  /** Ends the run after so many steps, with status 'cancelled': a partial run that is replayed. */
  readonly stopAt?: number;
  readonly checkpointEvery?: number;
  readonly onCheckpoint?: (checkpoint: Checkpoint) => Promise<void>;
}

/** Runs a plan. Going on from a checkpoint is exact, so pauses change nothing in the result. */
export async function* drive(
  engine: Engine,
  plan: RunPlan,
  { stopAt, checkpointEvery, onCheckpoint, signal, ...options }: DriveOptions,
): AsyncGenerator<StepEvent, RunResult> {
  let from = options.from;
  for (;;) {
    const pause = new AbortController();
    const run = engine.optimise(plan, {
      ...options,
      ...(from && { from }),
      signal: AbortSignal.any([signal, pause.signal]),
    });
    if (stopAt !== undefined && (from?.step ?? 0) >= stopAt) pause.abort();
    let next = await run.next();
    while (!next.done) {
      yield next.value;
      const done = next.value.step + 1;
      if (done === stopAt || (checkpointEvery && done % checkpointEvery === 0)) pause.abort();
      next = await run.next();
    }
    const result = next.value;
    const paused = result.status === 'cancelled' && !signal.aborted && result.steps !== stopAt;
    if (!paused) return result;
    from = result.checkpoint;
    await onCheckpoint?.(from);
  }
}
