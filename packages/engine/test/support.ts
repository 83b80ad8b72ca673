// A real engine on the embedded models, and runs from start to end.
import { ModelStore } from '@tessera/models';
import { POCKET_MODELS } from '@tessera/pocket';
import { openRuntime } from '@tessera/runtime';
import {
  Engine,
  type Frame,
  type OptimiseOptions,
  type RunPlan,
  type RunResult,
  type StepEvent,
  storeLibrary,
} from '../src/index.ts';

export const library = storeLibrary(new ModelStore({ embedded: POCKET_MODELS }));

export async function openEngine(process: 'inline' | 'child' = 'inline'): Promise<Engine> {
  return new Engine({ runtime: await openRuntime({ provider: 'cpu', process, threads: 2 }), library });
}

export interface Finished {
  readonly events: StepEvent[];
  readonly result: RunResult;
}

/** Runs to the end, calling `onEvent` between steps. */
export async function finish(
  engine: Engine,
  plan: RunPlan,
  options: OptimiseOptions = {},
  onEvent: (event: StepEvent) => void = () => {},
): Promise<Finished> {
  const run = engine.optimise(plan, options);
  const events: StepEvent[] = [];
  for (;;) {
    const next = await run.next();
    if (next.done) return { events, result: next.value };
    events.push(next.value);
    onEvent(next.value);
  }
}

/** A picture with a bright disc on a gradient: [3, side, side] in 0..1. */
export function picture(side: number): Float32Array {
  return Float32Array.from({ length: 3 * side * side }, (_, i) => {
    const [c, y, x] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    const disc = Math.hypot(x - side / 2, y - side / 2) < side / 4;
    return disc ? [0.9, 0.7, 0.2][c]! : (0.3 + (0.5 * y) / side) * [0.5, 0.7, 1][c]!;
  });
}

/** Mean absolute difference of two frames, 0..255. */
export function difference(a: Frame, b: Frame): number {
  return a.data.reduce((sum, x, i) => sum + Math.abs(x - b.data[i]!), 0) / a.data.length;
}
