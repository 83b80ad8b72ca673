// Full size, random weights: time per step against PyTorch, memory, and the share of what the machine's matrix products reach.
import { stepGraph } from '@tessera/engine';
import type { SessionOptions } from '@tessera/runtime';
import { countFlops } from '../measure/flops.ts';
import { type GemmCandidates, gemmCandidates } from '../measure/gemm-peak.ts';
import { openEngine, TimedRun } from '../measure/loop.ts';
import { interleave, ratioOf, summarise } from '../measure/samples.ts';
import { paperPlan, stepShape } from '../measure/step-graph.ts';
import { fullModels, type MeasuredModels } from '../models/load.ts';
import type { Reported, Row } from '../report.ts';
import type { Group } from './context.ts';
import { torchCandidates } from './torch-rows.ts';

const ROUNDS = 3;

/**
 * Ways to load the step. The first is the one that stays within 4 GB: weights left in their file, not repacked. Repacked
 * ones exist twice in memory, for the forward and for the backward products.
 */
const WAYS: Readonly<Record<string, SessionOptions & { readonly precision?: 'int8' }>> = {
  'full-step': { prepack: false },
  'full-step-packed': { prepack: true },
  'full-step-int8': { prepack: false, precision: 'int8' },
  'full-step-one-thread': { prepack: false, threads: 1 },
  'full-step-packed-one-thread': { prepack: true, threads: 1 },
};

const [DEFAULT_WAY, ...OTHER_WAYS] = Object.keys(WAYS) as [string, ...string[]];

export const fullGroup: Group = {
  names: [DEFAULT_WAY, 'full-memory', 'full-peak-share', 'full-agreement', 'full-step-torch', 'full-step-torch-frozen'],
  onDemand: OTHER_WAYS,
  async measure(context) {
    context.say('full: random weights (written once, 1.7 GB)');
    const models = await fullModels();
    const torch = await torchCandidates(models, context);
    const names = [DEFAULT_WAY, ...OTHER_WAYS.filter((name) => context.wants(name))];
    const ways = await Promise.all(names.map((name) => openWay(name, models, context.threads)));
    const steps = Object.fromEntries(ways.map(({ name, run }) => [name, () => run.step()]));
    const products = await openEngine(models, {});
    const gemm = await gemmCandidates(products.runtime, context.threads);
    context.say('full: steps');
    const times = await interleave<string>(
      { ...steps, ...torch.candidates, ...gemm.candidates },
      context.rounds ?? ROUNDS,
    );
    await products[Symbol.asyncDispose]();
    const own = times[DEFAULT_WAY]!;
    const rows: Reported[] = [];
    for (const way of ways) {
      rows.push(...(await way.rows(times[way.name]!, own)));
      await way.close();
    }
    rows.push(...torch.rows, ...(await torch.finish(times, own)));
    rows.push(shareRow(models, own, gemm, times));
    return rows.filter(({ name }) => context.wants(name));
  },
};

/** One way in an engine process of its own, so that its memory can be told. */
async function openWay(name: string, models: MeasuredModels, threads: number) {
  const { precision, ...session } = WAYS[name]!;
  const opened = await openEngine(models, { threads, ...session });
  const run = new TimedRun(opened.engine, paperPlan(models, 0, precision));
  return {
    name,
    run,
    async rows(times: readonly number[], own: readonly number[]): Promise<readonly Row[]> {
      const { median, spread, samples } = summarise(times);
      const peak = (await opened.runtime.stats()).peakRssBytes / 1e6;
      const note = `${precision ? `${precision} products, ` : ''}weights ${session.prepack ? 'repacked' : 'mapped'}, peak ${peak.toFixed(0)} MB`;
      const row = { name, value: median, unit: 'ms', spread, samples, ratio: ratioOf(times, own), note };
      if (name !== DEFAULT_WAY) return [row];
      const memory = {
        name: 'full-memory',
        value: peak,
        unit: 'MB',
        goal: '<= 4000',
        note: 'peak of the engine process',
      };
      return [row, memory];
    },
    async close() {
      await run[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    },
  };
}

/** Per round, the step's rate over the best rate of products alone. */
function shareRow(
  models: MeasuredModels,
  own: readonly number[],
  gemm: GemmCandidates,
  times: Readonly<Record<string, readonly number[]>>,
): Row {
  const { graph, outputs } = stepGraph(stepShape(models));
  const flops = countFlops(graph, outputs);
  const rounds = own.map((ms, round) => ({ rate: flops / ms / 1e6, alone: gemm.rates(times, round) }));
  const { median, spread, samples } = summarise(
    rounds.map(({ rate, alone }) => rate / Math.max(...Object.values(alone))),
  );
  const middle = (of: (round: (typeof rounds)[number]) => number) => summarise(rounds.map(of)).median.toFixed(0);
  const shapes = Object.keys(gemm.candidates).map((shape) => `${shape} ${middle(({ alone }) => alone[shape]!)}`);
  return {
    name: 'full-peak-share',
    value: median,
    unit: 'of peak',
    spread,
    samples,
    note: `${(flops / 1e9).toFixed(0)} GFLOP a step at ${middle(({ rate }) => rate)} GFLOP/s; products alone: ${shapes.join(', ')}`,
  };
}
