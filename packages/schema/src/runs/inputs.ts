// Plans and live changes as GraphQL inputs.
import { builder } from '../builder.ts';
import { PresetNameEnum } from '../catalogue/catalogue.ts';
import { ObjectiveKindEnum, PrecisionEnum, QuantisationEnum, StartKindEnum, TowardsEnum } from './enums.ts';

const StartInput = builder.inputType('StartInput', {
  fields: (t) => ({
    kind: t.field({ type: StartKindEnum, required: true }),
    sigma: t.float({ description: 'Standard deviation of noise; 1 by default.' }),
  }),
});

const RegularisationInput = builder.inputType('RegularisationInput', {
  fields: (t) => ({ weight: t.float({ required: true }), towards: t.field({ type: TowardsEnum }) }),
});

const PlateauInput = builder.inputType('PlateauInput', {
  fields: (t) => ({ window: t.int({ required: true }), minImprovement: t.float({ required: true }) }),
});

const MeterInput = builder.inputType('MeterInput', {
  fields: (t) => ({ model: t.string(), prompt: t.string(), every: t.int(), stopAfter: t.int() }),
});

const CropsInput = builder.inputType('CropsInput', {
  fields: (t) => ({
    count: t.int({ required: true }),
    fraction: t.float({ required: true }),
    flip: t.float({ required: true }),
  }),
});

const ObjectiveInput = builder.inputType('ObjectiveInput', {
  description:
    'What is left out comes from the objective at the same place of the plan below, where that is of the same kind.',
  fields: (t) => ({
    kind: t.field({ type: ObjectiveKindEnum, required: true }),
    model: t.string(),
    prompt: t.string(),
    negativePrompt: t.string({ description: 'Null takes away the one that the plan below has.' }),
    cfg: t.float(),
    weight: t.float(),
    crops: t.field({ type: CropsInput }),
  }),
});

export const PlanInputRef = builder.inputType('PlanInput', {
  fields: (t) => ({
    preset: t.field({
      type: PresetNameEnum,
      description: 'Values to begin with; what is given beside it wins. A new plan without one begins with PLAIN.',
    }),
    tokenizer: t.string(),
    objectives: t.field({ type: [ObjectiveInput] }),
    iterations: t.int({ description: 'Steps of this run. A fork counts its own: with 100 it has steps 0 to 99.' }),
    learningRate: t.float(),
    start: t.field({ type: StartInput, description: 'By default a seed or indices that are given, else noise.' }),
    quantisation: t.field({ type: QuantisationEnum }),
    noise: t.float(),
    regularisation: t.field({ type: RegularisationInput }),
    ema: t.float(),
    lockedPositions: t.intList({
      description:
        'Token positions that keep the token they start with, in any order, each once. A run from noise keeps the noise it drew there. A fork inherits them; an empty list frees all.',
    }),
    resetEvery: t.int(),
    plateau: t.field({ type: PlateauInput, description: 'Null switches it off.' }),
    meter: t.field({ type: MeterInput, description: 'Null switches it off.' }),
    seed: t.float({ description: 'Seed of the random numbers.' }),
    precision: t.field({ type: PrecisionEnum }),
  }),
});

const ObjectiveSteeringInput = builder.inputType('ObjectiveSteeringInput', {
  fields: (t) => ({
    index: t.int({ required: true }),
    weight: t.float(),
    prompt: t.string(),
    negativePrompt: t.string({ description: 'Null takes it away.' }),
    cfg: t.float(),
  }),
});

export const SteeringInputRef = builder.inputType('SteeringInput', {
  description: 'Absent fields stay as they are.',
  fields: (t) => ({
    learningRate: t.float(),
    noise: t.float(),
    ema: t.float(),
    iterations: t.int(),
    lockedPositions: t.intList({
      description: 'All that are locked from now on; one that was free keeps the token that is shown.',
    }),
    regularisation: t.field({ type: RegularisationInput }),
    objectives: t.field({ type: [ObjectiveSteeringInput] }),
  }),
});

export const StepInputRef = builder.inputType('StepInput', {
  fields: (t) => ({ runId: t.id({ required: true }), step: t.int({ required: true }) }),
});

export const SweepAxisInputRef = builder.inputType('SweepAxisInput', {
  fields: (t) => ({
    path: t.string({
      required: true,
      description: 'Dotted path in the plan, such as `learningRate` or `objectives.0.prompt`.',
    }),
    values: t.field({ type: ['JSON'], required: true }),
  }),
});
