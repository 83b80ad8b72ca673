// A plan as callers give it: any field may be left out. Enum values are the engine's own words.
import type { PresetName, RunPlan } from '@tessera/engine/plan';

type Given<T> = T | null | undefined;

export interface CropsInput {
  readonly count: number;
  readonly fraction: number;
  readonly flip: number;
}

export interface ObjectiveInput {
  readonly kind: 'clip' | 'siglip' | 'l1' | 'l2';
  readonly model?: Given<string>;
  readonly prompt?: Given<string>;
  /** Null takes one away that the plan below has. */
  readonly negativePrompt?: Given<string>;
  readonly cfg?: Given<number>;
  readonly weight?: Given<number>;
  readonly crops?: Given<CropsInput>;
}

export interface RegularisationInput {
  readonly weight: number;
  readonly towards?: Given<'zero' | 'seed'>;
}

/** Null is as good as absent, but for `plateau` and `meter`, where it switches off what the plan below has. */
export interface PlanInput {
  readonly preset?: Given<PresetName>;
  readonly tokenizer?: Given<string>;
  readonly objectives?: Given<readonly ObjectiveInput[]>;
  readonly iterations?: Given<number>;
  readonly learningRate?: Given<number>;
  readonly start?: Given<{ readonly kind: 'seed' | 'noise'; readonly sigma?: Given<number> }>;
  readonly quantisation?: Given<RunPlan['quantisation']>;
  readonly noise?: Given<number>;
  readonly regularisation?: Given<RegularisationInput>;
  readonly ema?: Given<number>;
  /** In any order. */
  readonly lockedPositions?: Given<readonly number[]>;
  readonly resetEvery?: Given<number>;
  readonly plateau?: Given<{ readonly window: number; readonly minImprovement: number }>;
  readonly meter?: Given<{
    readonly model?: Given<string>;
    readonly prompt?: Given<string>;
    readonly every?: Given<number>;
    readonly stopAfter?: Given<number>;
  }>;
  readonly seed?: Given<number>;
  readonly precision?: Given<RunPlan['precision']>;
}

/** Models where a plan names none. */
export interface ModelDefaults {
  readonly tokenizer: string;
  readonly clip: string;
  readonly siglip: string;
}
