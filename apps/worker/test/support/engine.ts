// Engines for tests: the embedded models on the CPU, and the history of a run that nothing disturbs.
import { Engine, type OptimiseOptions, type RunPlan, storeLibrary } from '@tessera/engine';
import { ModelStore } from '@tessera/models';
import { POCKET_MODELS } from '@tessera/pocket';
import type { StepRecord } from '@tessera/protocol';
import { openRuntime, type Tensor } from '@tessera/runtime';
import { recordOf } from '../../src/record.ts';

export const library = storeLibrary(new ModelStore({ embedded: POCKET_MODELS }));

/** Two threads whatever the machine: equal numbers need equal arithmetic. */
export async function openTestEngine(): Promise<Engine> {
  return new Engine({ runtime: await openRuntime({ provider: 'cpu', threads: 2 }), library, idleGraphs: 16 });
}

/** Steps of a plan that runs from its start to its end without a worker. */
export async function undisturbed(engine: Engine, plan: RunPlan, options: OptimiseOptions = {}): Promise<StepRecord[]> {
  const records: StepRecord[] = [];
  for await (const event of engine.optimise(plan, options)) records.push(recordOf(event, () => undefined).record);
  return records;
}

/** What of a history must agree exactly; gradient norms are stored rounded. */
export const essence = (steps: readonly StepRecord[]) =>
  steps.map(({ step, loss, tokens, changed, terms, skipped }) => ({
    ...{ step, loss, changed, skipped },
    tokens: Array.from(tokens.data),
    terms: terms.map((term) => term.loss),
  }));

/** An engine whose process is killed under every step whose inputs `isFatal` says so of. */
export class FragileEngine extends Engine {
  isFatal: (feeds: Readonly<Record<string, Tensor>>) => boolean = () => false;

  static async open(): Promise<FragileEngine> {
    return new FragileEngine({ runtime: await openRuntime({ provider: 'cpu', threads: 2 }), library });
  }

  override async graph(...args: Parameters<Engine['graph']>): ReturnType<Engine['graph']> {
    const lease = await super.graph(...args);
    if (!args[0].startsWith('step')) return lease;
    return {
      run: async (feeds) => {
        if (this.isFatal(feeds)) process.kill((await this.runtime.stats()).pid, 'SIGKILL');
        return lease.run(feeds);
      },
      [Symbol.dispose]: () => lease[Symbol.dispose](),
    };
  }
}
