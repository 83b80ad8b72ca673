// The embedded model: steps a second of the real loop, time to the first frame, memory; and PyTorch's time for the same step.
import type { Engine } from '@tessera/engine';
import { openEngine, TimedRun } from '../measure/loop.ts';
import { peakBytes } from '../measure/memory.ts';
import { interleave, summarise, timed } from '../measure/samples.ts';
import { paperPlan } from '../measure/step-graph.ts';
import { type MeasuredModels, pocketModels } from '../models/load.ts';
import type { Reported, Row } from '../report.ts';
import type { Group } from './context.ts';
import { torchCandidates } from './torch-rows.ts';

const ROUNDS = 40;
const FIRST_FRAMES = 7;
/** Measured beside the others when it is named. */
const INT8 = 'pocket-step-int8';

export const pocketGroup: Group = {
  names: [
    'pocket-step',
    'pocket-step-tokens',
    'pocket-first-frame',
    'pocket-memory',
    'pocket-agreement',
    'pocket-step-torch',
    'pocket-step-torch-frozen',
  ],
  onDemand: [INT8],
  async measure(context) {
    const models = await pocketModels();
    const torch = await torchCandidates(models, context);
    await using opened = await openEngine(models, { threads: context.threads });
    const { engine, runtime } = opened;
    context.say('pocket: first frames');
    const firstFrame = await firstFrameRow(engine, models);
    await using framed = new TimedRun(engine, paperPlan(models, 1));
    await using tokensOnly = new TimedRun(engine, paperPlan(models, 0));
    await using int8 = new TimedRun(engine, paperPlan(models, 0, 'int8'));
    const int8Candidate = context.wants(INT8) ? { [INT8]: () => int8.step() } : {};
    context.say('pocket: steps');
    const times = await interleave<string>(
      { framed: () => framed.step(), tokensOnly: () => tokensOnly.step(), ...int8Candidate, ...torch.candidates },
      context.rounds ?? ROUNDS,
    );
    const memory = (await runtime.stats()).peakRssBytes;
    const rows: Reported[] = [
      rate('pocket-step', times.framed!, { goal: '>= 8', note: 'a decoded frame with every step' }),
      rate('pocket-step-tokens', times.tokensOnly!, { note: 'no frames: the work that the PyTorch rows time' }),
      ...(times[INT8] ? [rate(INT8, times[INT8], { note: 'no frames, int8 products' })] : []),
      firstFrame,
      {
        name: 'pocket-memory',
        value: (memory + peakBytes()) / 1e6,
        unit: 'MB',
        goal: '<= 1000',
        note: `peak: engine process ${mega(memory)} MB, this one ${mega(peakBytes())} MB`,
      },
      ...torch.rows,
      ...(await torch.finish(times, times.tokensOnly!)),
    ];
    return rows.filter(({ name }) => context.wants(name));
  },
};

const mega = (bytes: number): string => (bytes / 1e6).toFixed(0);

function rate(name: string, ms: readonly number[], rest: Pick<Row, 'goal' | 'note'>): Row {
  const { median, spread, samples } = summarise(ms);
  const note = `${median.toFixed(1)} ms a step; ${rest.note}`;
  return {
    name,
    value: 1000 / median,
    unit: 'steps/s',
    spread: [1000 / spread[1], 1000 / spread[0]],
    samples,
    ...rest,
    note,
  };
}

/** From asking for a run that starts at an image to its first frame; the first ask also loads and compiles everything. */
async function firstFrameRow(engine: Engine, models: MeasuredModels): Promise<Row> {
  const side = models.config.tokenizer.imageSize;
  const image = Float32Array.from({ length: 3 * side * side }, (_, i) => (i % side) / side);
  const plan = { ...paperPlan(models, 1), start: { kind: 'seed' as const } };
  const ask = () =>
    timed(async () => {
      for await (const event of engine.optimise(plan, { image })) if (event.frame) return;
    });
  const cold = await ask();
  const warm: number[] = [];
  while (warm.length < FIRST_FRAMES) warm.push(await ask());
  const { median, spread, samples } = summarise(warm);
  const note = `warm engine; ${cold.toFixed(0)} ms when nothing is loaded yet`;
  return { name: 'pocket-first-frame', value: median, unit: 'ms', spread, samples, goal: '<= 2000', note };
}
