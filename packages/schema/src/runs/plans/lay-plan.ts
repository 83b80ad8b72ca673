// Lays what a caller gives over a preset, over an existing plan, over the defaults: plain JSON for the engine's parser.
import { PRESETS, presetFor, type RunPlan } from '@tessera/engine/plan';
import type { ModelDefaults, ObjectiveInput, PlanInput } from './plan-input.ts';

type Preset = ReturnType<typeof presetFor>;

export interface Below {
  /** The plan that is changed; absent for a new one. */
  readonly plan?: RunPlan;
  readonly models: ModelDefaults;
  /** Where a new plan starts that does not say so. */
  readonly start: 'seed' | 'noise';
}

/** Steps between two readings of the meter, where the plan names none: it costs an encoder's pass each time. */
const METER_EVERY = 10;

/**
 * What is given wins over the preset, the preset over the plan below. Without a plan below, the preset "plain" lies at the
 * bottom, as in a session's document. An objective takes what it does not say from the one at its place below, where that is of
 * its kind. Live changes below are not carried on: the plan below has them in it.
 */
export function layPlan(input: PlanInput, below: Below): Record<string, unknown> {
  const { plan: base, models } = below;
  const start = input.start?.kind ?? base?.start.kind ?? below.start;
  const preset = input.preset == null ? (base ? undefined : PRESETS.plain) : presetFor(input.preset, start);
  return {
    ...base,
    ...(base ? {} : { tokenizer: models.tokenizer, seed: 0, start: startOf({ kind: below.start }) }),
    ...(preset && settingsOf(preset)),
    ...given(input, ['tokenizer', 'iterations', 'learningRate', 'quantisation', 'noise', 'ema', 'resetEvery', 'seed']),
    ...given(input, ['precision']),
    ...(input.lockedPositions && { lockedPositions: ascending(input.lockedPositions) }),
    ...(input.start && { start: startOf(input.start) }),
    ...(input.regularisation && {
      regularisation: {
        weight: input.regularisation.weight,
        towards: input.regularisation.towards ?? base?.regularisation.towards ?? 'zero',
      },
    }),
    ...(input.plateau !== undefined && { plateau: input.plateau }),
    ...(input.meter !== undefined && { meter: meterOf(input.meter, base, models) }),
    objectives: objectivesOf(input, below, preset),
    steering: [],
  };
}

function settingsOf({ crops: _, ...settings }: Preset): Omit<Preset, 'crops'> {
  return settings;
}

/** As plans hold positions. */
export function ascending(positions: readonly number[]): number[] {
  return [...positions].sort((a, b) => a - b);
}

/** The named fields that have a value. */
function given<T extends object, K extends keyof T>(from: T, names: readonly K[]): Partial<T> {
  const entries = names.filter((name) => from[name] != null).map((name) => [name, from[name]]);
  return Object.fromEntries(entries) as Partial<T>;
}

/** A deviation that comes with a seed is left in: the parser names it. */
function startOf({ kind, sigma }: NonNullable<PlanInput['start']>): object {
  return { kind, ...(sigma != null ? { sigma } : kind === 'noise' && { sigma: 1 }) };
}

function meterOf(input: PlanInput['meter'], base: RunPlan | undefined, models: ModelDefaults): object | null {
  if (!input) return null;
  return {
    model: models.siglip,
    every: METER_EVERY,
    ...base?.meter,
    ...given(input, ['model', 'every', 'stopAfter']),
    ...(input.prompt !== undefined && { prompt: input.prompt }),
  };
}

function objectivesOf(input: PlanInput, { plan: base, models }: Below, preset: Preset | undefined): unknown {
  if (!input.objectives) {
    // Only a preset that was asked for changes crops; a new plan without objectives is the parser's to refuse.
    return (base?.objectives ?? []).map((spec) =>
      'crops' in spec && preset ? { ...spec, crops: preset.crops } : spec,
    );
  }
  return input.objectives.map((objective, i) => {
    const under = base?.objectives[i];
    const same = under?.kind === objective.kind ? under : undefined;
    return {
      ...(comparesWithText(objective) && {
        model: models[objective.kind],
        // An empty prompt is refused in words for people.
        prompt: '',
        ...(!same && preset ? { crops: preset.crops } : !same && { crops: PRESETS.plain.crops }),
      }),
      ...same,
      ...(same && 'crops' in same && preset && { crops: preset.crops }),
      kind: objective.kind,
      ...given(objective, ['model', 'prompt', 'cfg', 'weight', 'crops']),
      ...(objective.negativePrompt !== undefined && objective.kind === 'clip'
        ? { negativePrompt: objective.negativePrompt }
        : given(objective, ['negativePrompt'])),
    };
  });
}

function comparesWithText(objective: ObjectiveInput): objective is ObjectiveInput & { kind: 'clip' | 'siglip' } {
  return objective.kind === 'clip' || objective.kind === 'siglip';
}
