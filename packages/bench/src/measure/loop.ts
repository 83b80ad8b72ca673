// The real loop, one step at a time: an engine on a runtime, and a run that is asked for its next event.
import { Engine, type RunPlan, type RunResult, type StepEvent } from '@tessera/engine';
import { openRuntime, type Runtime, type SessionOptions } from '@tessera/runtime';
import type { MeasuredModels } from '../models/load.ts';
import { timed } from './samples.ts';

export interface OpenEngine {
  readonly engine: Engine;
  readonly runtime: Runtime;
  [Symbol.asyncDispose](): Promise<void>;
}

/** As users run it: ONNX Runtime in a child process, on the CPU. */
export async function openEngine(models: MeasuredModels, session: SessionOptions): Promise<OpenEngine> {
  const runtime = await openRuntime({ provider: 'cpu' });
  const engine = new Engine({ runtime, library: models.library, session });
  return { engine, runtime, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}

/** A run whose steps are timed one by one: from asking for an event to having it. */
export class TimedRun {
  readonly #run: AsyncGenerator<StepEvent, RunResult>;

  constructor(engine: Engine, plan: RunPlan) {
    this.#run = engine.optimise(plan);
  }

  async step(): Promise<number> {
    return timed(async () => {
      const { done } = await this.#run.next();
      if (done) throw new Error('The measured run ended: give its plan more iterations than rounds.');
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#run.return(undefined as never);
  }
}
