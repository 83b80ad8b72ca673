// Drives one run of the engine step by step, and says how it ended.
import { type Checkpoint, type Engine, type Run, type RunStatus, type StepEvent, stepTogether } from '@tessera/engine';

export interface DriveOptions {
  readonly signal: AbortSignal;
  /** Ends the run once so many steps are done, with status 'cancelled': a partial run that is replayed. */
  readonly stopAt?: number;
  readonly checkpointEvery?: number;
  readonly onStep: (event: StepEvent) => void;
  readonly onCheckpoint: (checkpoint: Checkpoint) => Promise<void>;
}

/** @throws whatever a step fails with; `run.checkpoint()` is then the state after the last whole step */
export async function drive(engine: Engine, run: Run, o: DriveOptions): Promise<RunStatus> {
  while (!run.done) {
    if (o.signal.aborted || (o.stopAt !== undefined && run.step >= o.stopAt)) return 'cancelled';
    const [outcome] = await stepTogether(engine, [run]);
    if (!outcome) throw new Error('a step of one run gave no outcome');
    if (!outcome.ok) throw outcome.error;
    o.onStep(outcome.event);
    if (o.checkpointEvery && run.step % o.checkpointEvery === 0) await o.onCheckpoint(run.checkpoint());
    if (outcome.stop) return outcome.stop;
  }
  return 'completed';
}
