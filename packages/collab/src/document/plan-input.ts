// From a session to what a run needs: the fields of a run plan, as far as the document decides them.
import { LIMITS } from '@tessera/protocol';
import { PlanInputError } from '../errors.ts';
import type { SessionObjective } from './objective.ts';
import type { SessionSnapshot } from './read.ts';

interface Crops {
  count: number;
  fraction: number;
  flip: number;
}

type ObjectiveInput =
  | {
      kind: 'clip';
      model: string;
      prompt: string;
      negativePrompt: string | null;
      cfg: number;
      weight: number;
      crops: Crops;
    }
  | { kind: 'siglip'; model: string; prompt: string; weight: number; crops: Crops }
  | { kind: 'l1' | 'l2'; weight: number };

/** Accepted as it is by the engine's plan parser; a mask and the seed's picture go with it, not in it. */
export interface SessionPlanInput {
  tokenizer: string;
  objectives: ObjectiveInput[];
  iterations: number;
  learningRate: number;
  start: { kind: 'seed' } | { kind: 'noise'; sigma: number };
  quantisation: 'straight-through' | 'before';
  noise: number;
  regularisation: { weight: number; towards: 'zero' | 'seed' };
  ema: number;
  /** Ascending; whether the tokenizer has them, the server says. */
  lockedPositions: number[];
  resetEvery: number;
  meter: { model: string; every: number } | null;
  seed: number;
  precision: 'fp32' | 'fp16' | 'int8';
}

export interface PlanDefaults {
  /** Taken where the session names none. */
  readonly tokenizer: string;
  /** Model by kind, taken where an objective names none; the meter is the second. */
  readonly models: { readonly clip: string; readonly siglip: string };
  /** Taken where the session's list is empty. */
  readonly objectives: readonly SessionObjective[];
}

/** @throws PlanInputError naming the first thing that keeps this session from being run */
export function planInput(snapshot: SessionSnapshot, defaults: PlanDefaults): SessionPlanInput {
  const { settings: s } = snapshot;
  const specs = snapshot.objectives.length > 0 ? snapshot.objectives : defaults.objectives;
  if (specs.length === 0) throw new PlanInputError('objectives', 'there is none; add one');
  if (s.startFrom === 'seed' && s.seedId === null) {
    throw new PlanInputError('settings.seedId', 'no picture is chosen; choose one or start from noise');
  }
  const prompted = specs.some(({ kind }) => kind === 'clip' || kind === 'siglip');
  if (prompted) checkPrompt('prompt', snapshot.prompt, true);
  checkPrompt('negativePrompt', snapshot.negativePrompt, false);
  return {
    tokenizer: s.tokenizer ?? defaults.tokenizer,
    objectives: specs.map((spec) => objectiveInput(spec, snapshot, defaults)),
    iterations: s.iterations,
    learningRate: s.learningRate,
    start: s.startFrom === 'seed' ? { kind: 'seed' } : { kind: 'noise', sigma: s.sigma },
    quantisation: s.quantisation,
    noise: s.noise,
    regularisation: { weight: s.regularisationWeight, towards: s.regularisationTowards },
    ema: s.ema,
    lockedPositions: [...snapshot.lockedPositions],
    resetEvery: s.resetEvery,
    // It reads the objectives' prompt, also after that was changed live.
    meter: prompted && s.meterEvery > 0 ? { model: defaults.models.siglip, every: s.meterEvery } : null,
    seed: s.seed,
    precision: s.precision,
  };
}

function objectiveInput(
  spec: SessionObjective,
  { prompt, negativePrompt, settings }: SessionSnapshot,
  { models }: PlanDefaults,
): ObjectiveInput {
  const { kind, weight } = spec;
  if (kind === 'l1' || kind === 'l2') return { kind, weight };
  const model = spec.model ?? models[kind];
  const crops = { count: settings.cropCount, fraction: settings.cropFraction, flip: settings.cropFlip };
  if (kind === 'siglip') return { kind, model, prompt, weight, crops };
  const negative = negativePrompt.trim() === '' ? null : negativePrompt;
  return { kind, model, prompt, negativePrompt: negative, cfg: negative === null ? 1 : settings.cfg, weight, crops };
}

/** Control characters other than line breaks and tabs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming them is the point
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

function checkPrompt(path: string, text: string, needed: boolean): void {
  const max = LIMITS.promptCharacters.value;
  if (needed && text.trim() === '') throw new PlanInputError(path, 'it is empty; describe what the image should show');
  if (text.length > max) throw new PlanInputError(path, `it has ${text.length} characters; at most ${max} can be run`);
  if (CONTROL.test(text)) throw new PlanInputError(path, 'it contains control characters; plain text is needed');
}
