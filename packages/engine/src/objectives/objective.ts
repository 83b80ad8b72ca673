// What an objective is: a loss on images as graph nodes, what it is fed, and how its numbers are reported.
import type { FloatDType, Graph, Value } from '@tessera/graph';
import type { LoadedEncoder } from '../library.ts';
import type { Draws } from '../loop/draws.ts';
import type { ObjectiveKind, ObjectiveSpec } from '../plan.ts';

export type SpecOf<K extends ObjectiveKind> = Extract<ObjectiveSpec, { kind: K }>;

/** One lane's share of an input: the batch axis is added when lanes are stacked. */
export interface LaneFeed {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface BuildContext<S> {
  readonly graph: Graph;
  readonly spec: S;
  /** Decoded images [B, 3, S, S] in about 0..1, float32. */
  readonly image: Value;
  readonly encoder: LoadedEncoder | undefined;
  readonly dtype: FloatDType;
  /** Declares an input [B, ...shape] that only this objective reads. */
  input(name: string, shape: readonly number[]): Value;
  /** Declares an input that objectives share, for instance the target image. */
  shared(name: string, shape: readonly number[]): Value;
}

export interface BuiltObjective {
  /** Loss per image [B], float32, lower is better. */
  readonly loss: Value;
  /** Mean unit feature of the views [B, embedDim], for reporting similarities. */
  readonly features?: Value;
}

/** The reference image of pixel objectives. */
export interface Target {
  /** [3, S, S] in 0..1. */
  readonly image: Float32Array;
  /** [1, S, S]; 1 = free to change, 0 = known. */
  readonly mask: Float32Array;
}

export interface PrepareContext {
  readonly target: Target | undefined;
  readonly encoder: LoadedEncoder | undefined;
  /** Unit text feature [embedDim] of a prompt. */
  embedText(encoder: LoadedEncoder, prompt: string): Promise<Float32Array>;
}

/** Text features of a prompt and its negative, kept until a live change. */
export interface PreparedPrompts {
  readonly positive: Float32Array;
  readonly negative: Float32Array | undefined;
}

/** What a step reports of one objective. */
export interface ObjectiveTerm {
  readonly kind: ObjectiveKind;
  readonly loss: number;
  readonly weight: number;
  /** Cosine similarity to the prompt, mean over views. */
  readonly similarity?: number;
  readonly negativeSimilarity?: number;
}

export interface Objective<K extends ObjectiveKind> {
  readonly kind: K;
  /** Whether it compares with a reference image and mask, fed as `target` and `mask`. */
  readonly needsTarget: boolean;
  /** The image-text model it needs, if any. */
  model(spec: SpecOf<K>): string | undefined;
  /** What of the spec shapes the graph; equal keys share a compiled graph. */
  graphKey(spec: SpecOf<K>): string;
  build(context: BuildContext<SpecOf<K>>): BuiltObjective;
  prepare(spec: SpecOf<K>, context: PrepareContext): Promise<PreparedPrompts | undefined>;
  /** Inputs of one lane at one step, by the names given to `input`. */
  feeds(spec: SpecOf<K>, prepared: PreparedPrompts | undefined, at: FeedContext): Readonly<Record<string, LaneFeed>>;
}

export interface FeedContext {
  readonly step: number;
  readonly draws: Draws;
  readonly imageSize: number;
  readonly encoder: LoadedEncoder | undefined;
}
