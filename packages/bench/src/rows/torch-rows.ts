// The two PyTorch candidates of a step: weights requiring grad, as the reference implementation leaves them, and frozen.
import { PRESETS } from '@tessera/engine';
import { agreement } from '../measure/agreement.ts';
import { type Candidate, ratioOf, summarise } from '../measure/samples.ts';
import { views } from '../measure/step-graph.ts';
import { findTorch, TorchStep } from '../measure/torch.ts';
import type { MeasuredModels } from '../models/load.ts';
import type { Reported } from '../report.ts';
import type { BenchContext } from './context.ts';

type Kind = 'torch' | 'torch-frozen';

/** Least speed-up over each at full size. */
const GOALS = { torch: '>= 1.8', 'torch-frozen': '>= 1.2' } as const;

export interface TorchCandidates {
  readonly candidates: Readonly<Record<string, Candidate>>;
  /** Rows known before anything is timed: the agreement, or why PyTorch is missing. */
  readonly rows: readonly Reported[];
  /** Rows of the timed rounds; `own` are our times of the same rounds. */
  finish(times: Readonly<Record<string, readonly number[]>>, own: readonly number[]): Promise<readonly Reported[]>;
}

export async function torchCandidates(models: MeasuredModels, context: BenchContext): Promise<TorchCandidates> {
  const { size } = models;
  const rowName = (kind: Kind) => `${size}-step-${kind}`;
  const agreementName = `${size}-agreement`;
  const wanted = (['torch', 'torch-frozen'] as const).filter((kind) => context.wants(rowName(kind)));
  const none = { candidates: {}, finish: async () => [] };
  if (!wanted.length && !context.wants(agreementName)) return { ...none, rows: [] };
  const found = findTorch();
  if ('missing' in found) {
    const names = [...wanted.map(rowName), ...(context.wants(agreementName) ? [agreementName] : [])];
    return { ...none, rows: names.map((name) => ({ name, missing: found.missing })) };
  }
  context.say(`${size}: PyTorch ${found.version} reads the weights`);
  const { learningRate, noise, regularisation, ema } = PRESETS.paper;
  const plan = { learningRate, noise, regularisation: regularisation.weight, ema };
  const steps = new Map<Kind, TorchStep>();
  for (const kind of wanted.length ? wanted : (['torch-frozen'] as const)) {
    const frozen = kind === 'torch-frozen';
    steps.set(kind, await TorchStep.open(found.python, models, { frozen, threads: context.threads, plan }));
  }
  context.say(`${size}: comparing loss and gradient`);
  const rows: Reported[] = [];
  for (const [kind, step] of steps) {
    const { loss, gradient } = await agreement(models, step);
    const note = `of the gradient at the tokens against PyTorch (${kind}); of the loss ${loss.toExponential(1)}`;
    // Every candidate starts from the compared state; one comparison is reported.
    if (!rows.length)
      rows.push({ name: agreementName, value: gradient, unit: 'relative error', goal: '<= 1e-3', note });
  }
  return {
    rows: context.wants(agreementName) ? rows : [],
    candidates: Object.fromEntries(
      [...steps].map(([kind, step]) => [kind, (round: number) => step.step(views(models, round))]),
    ),
    async finish(times, own) {
      const done: Reported[] = [];
      for (const [kind, step] of steps) {
        const samples = times[kind];
        if (samples && wanted.includes(kind)) {
          const { median, spread, samples: count } = summarise(samples);
          const note = `PyTorch ${found.version}, peak ${((await step.peakBytes()) / 1e6) | 0} MB`;
          const goal = size === 'full' ? { goal: `ratio ${GOALS[kind]}` } : {};
          done.push({
            name: rowName(kind),
            value: median,
            unit: 'ms',
            spread,
            samples: count,
            ratio: ratioOf(samples, own),
            ...goal,
            note,
          });
        }
        await step[Symbol.asyncDispose]();
      }
      return done;
    },
  };
}
