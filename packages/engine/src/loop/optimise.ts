// Drivers of runs: one run to its end, or one step of several runs together.
import { type Tensor, tensor } from '@tessera/runtime';
import type { Engine } from '../engine.ts';
import type { RunResult, RunStatus, StepEvent } from '../events.ts';
import { buildStep, stepKey } from '../graphs/step.ts';
import type { RunPlan } from '../plan.ts';
import { type OptimiseOptions, Run, type StepInput } from './run.ts';

/**
 * Runs `plan` from `from`, or from its start. Yields one event per step and returns the result; everything that it
 * took is released when it returns, throws, or is closed early. To go on after a failure, drive a Run yourself: its
 * checkpoint outlives the error.
 * @throws PlanError, CheckpointError, NotFiniteError, and the errors of the model library and the runtime
 */
export async function* optimise(
  engine: Engine,
  plan: RunPlan,
  options: OptimiseOptions,
): AsyncGenerator<StepEvent, RunResult> {
  const run = await Run.open(engine, plan, options);
  while (!run.done) {
    if (run.aborted) return run.result('cancelled');
    const [outcome] = (await stepTogether(engine, [run])) as [StepOutcome];
    if (!outcome.ok) throw outcome.error;
    yield outcome.event;
    if (outcome.stop) return run.result(outcome.stop);
  }
  return run.result('completed');
}

export type StepOutcome =
  | {
      readonly ok: true;
      readonly event: StepEvent;
      /** Set when the run ends by itself after this step. */
      readonly stop: RunStatus | undefined;
    }
  /** The run is as it was before the step. */
  | { readonly ok: false; readonly error: unknown };

/**
 * One step of each run. Runs whose steps have the same graph share one call of it, each in a lane of its own; on a
 * device that is not busy with one lane the others come almost free. A lane's numbers depend on the others only by
 * rounding: matrix products of another size may add in another order. A run that fails does not disturb the others; an error of a
 * shared call fails those that shared it. The outcomes are in the order of `runs`.
 */
export async function stepTogether(engine: Engine, runs: readonly Run[]): Promise<StepOutcome[]> {
  const outcomes = new Array<StepOutcome>(runs.length);
  const fail = (i: number, error: unknown) => {
    runs[i]!.rollBack();
    outcomes[i] = { ok: false, error };
  };
  const groups = new Map<string, { readonly i: number; readonly input: StepInput }[]>();
  await Promise.all(
    runs.map(async (run, i) => {
      try {
        const input = await run.begin();
        const key = stepKey(input.shape);
        groups.set(key, [...(groups.get(key) ?? []), { i, input }]);
      } catch (error) {
        fail(i, error);
      }
    }),
  );
  for (const members of groups.values()) {
    try {
      const outputs = await runLanes(
        engine,
        members.map(({ input }) => input),
      );
      for (const [lane, { i, input }] of members.entries()) {
        try {
          outcomes[i] = { ok: true, ...(await runs[i]!.finish(input, outputs[lane]!, members.length)) };
        } catch (error) {
          fail(i, error);
        }
      }
    } catch (error) {
      for (const { i } of members) fail(i, error);
    }
  }
  return outcomes;
}

/** Runs the graph of inputs that share it; the outputs of each lane by themselves. */
async function runLanes(engine: Engine, inputs: readonly StepInput[]): Promise<Record<string, Tensor>[]> {
  const shape = { ...inputs[0]!.shape, lanes: inputs.length };
  using lease = await engine.graph(stepKey(shape), () => buildStep(shape));
  if (inputs.length === 1) return [await lease.run(inputs[0]!.feeds)];
  const names = Object.keys(inputs[0]!.feeds);
  const stacked = names.map((name) => [name, stack(inputs.map(({ feeds }) => feeds[name]!))] as const);
  const outputs = await lease.run(Object.fromEntries(stacked));
  return inputs.map((_, lane) => Object.fromEntries(Object.entries(outputs).map(([name, t]) => [name, pick(t, lane)])));
}

/** Tensors [1, ...] one after the other: [lanes, ...]. */
function stack(parts: readonly Tensor[]): Tensor {
  const [first] = parts as [Tensor];
  const data = new Float32Array(parts.length * first.data.length);
  for (const [i, part] of parts.entries()) data.set(part.data as Float32Array, i * first.data.length);
  return tensor('float32', [parts.length, ...first.shape.slice(1)], data);
}

/** One lane [1, ...] of [lanes, ...]. */
function pick(t: Tensor, lane: number): Tensor {
  const count = t.data.length / t.shape[0]!;
  return tensor('float32', [1, ...t.shape.slice(1)], (t.data as Float32Array).slice(lane * count, (lane + 1) * count));
}
