// Drivers of runs: one run to its end, or one step of several runs together.
import { type Tensor, tensor } from '@tessera/runtime';
import type { Engine } from '../engine.ts';
import type { RunResult, RunStatus, StepEvent } from '../events.ts';
import { buildStep, stepKey } from '../graphs/step.ts';
import type { RunPlan } from '../plan.ts';
import { type OptimiseOptions, Run, type StepInput } from './run.ts';

/**
 * Runs `plan` from `from`, or from its start. Yields one event per step and returns the result; everything that it
 * took is released when it returns, throws, or is closed early.
 * @throws PlanError, CheckpointError, NotFiniteError, and the errors of the model library and the runtime
 */
export async function* optimise(
  engine: Engine,
  plan: RunPlan,
  options: OptimiseOptions,
): AsyncGenerator<StepEvent, RunResult> {
  const run = await Run.open(engine, plan, options);
  let status: RunStatus = 'completed';
  while (!run.done) {
    if (run.aborted) {
      status = 'cancelled';
      break;
    }
    const [{ event, stop }] = (await stepTogether(engine, [run])) as [StepOutcome];
    yield event;
    if (stop) {
      status = stop;
      break;
    }
  }
  return run.result(status);
}

export interface StepOutcome {
  readonly event: StepEvent;
  /** Set when the run ends by itself after this step. */
  readonly stop: RunStatus | undefined;
}

/**
 * One step of each run. Runs whose steps have the same graph share one call of it, each in a lane of its own; on a
 * device that is not busy with one lane the others come almost free. Lanes do not influence each other.
 * The outcomes are in the order of `runs`. An error of the runtime fails all of them.
 */
export async function stepTogether(engine: Engine, runs: readonly Run[]): Promise<StepOutcome[]> {
  const inputs = await Promise.all(runs.map((run) => run.begin()));
  const groups = new Map<string, number[]>();
  for (const [i, { shape }] of inputs.entries()) {
    const key = stepKey(shape);
    groups.set(key, [...(groups.get(key) ?? []), i]);
  }
  const outcomes = new Array<StepOutcome>(runs.length);
  for (const members of groups.values()) {
    const outputs = await runLanes(
      engine,
      members.map((i) => inputs[i]!),
    );
    for (const [lane, i] of members.entries()) outcomes[i] = await runs[i]!.finish(inputs[i]!, outputs[lane]!);
  }
  return outcomes;
}

/** Runs the graph of inputs that share it; the outputs of each lane by themselves. */
async function runLanes(engine: Engine, inputs: readonly StepInput[]): Promise<Record<string, Tensor>[]> {
  const shape = { ...inputs[0]!.shape, lanes: inputs.length };
  using lease = await engine.graph(stepKey(shape), () => buildStep(shape));
  if (inputs.length === 1) return [await lease.run(inputs[0]!.feeds)];
  const names = Object.keys(inputs[0]!.feeds);
  const outputs = await lease.run(
    Object.fromEntries(names.map((name) => [name, stack(inputs.map(({ feeds }) => feeds[name]!))])),
  );
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
