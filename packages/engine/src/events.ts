// What a run tells the world, step by step, and how it ends.
import type { Checkpoint } from './loop/checkpoint.ts';
import type { Manifest } from './manifest.ts';
import type { ObjectiveTerm } from './objectives/objective.ts';
import type { Steering } from './plan.ts';

/** The tokens of an image as they are stored: codebook indices, or vectors [tokens, channels] where there is no codebook. */
export type Tokens =
  | { readonly kind: 'indices'; readonly data: Int32Array }
  | { readonly kind: 'vectors'; readonly data: Float32Array };

/** 8-bit RGB, rows of pixels (HWC). */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface StepEvent {
  /** 0-based; events come one per step, without gaps. */
  readonly step: number;
  /** Weighted sum of the objectives before this step's update, without regularisation; NaN when the step was skipped. */
  readonly loss: number;
  readonly terms: readonly ObjectiveTerm[];
  /** weight x mean square, before this step's update. */
  readonly regularisation: number;
  /** Norm of the gradient at each token, before this step's update. */
  readonly gradientNorms: Float32Array;
  /** The shown state after this step: the moving average where there is one. */
  readonly tokens: Tokens;
  /** Positions whose index differs from the event before; empty for vectors. */
  readonly changed: readonly number[];
  /** Decoding `tokens` gives exactly this frame. Absent where `frameEvery` skips it. */
  readonly frame?: Frame;
  /** Independent score of `frame`, where the meter was read. */
  readonly score?: number;
  /** True when loss or gradient was not finite: nothing was updated. */
  readonly skipped: boolean;
  /** Live changes that took effect at this step. */
  readonly steering: readonly Steering[];
  /** Live changes that could not be applied, and why; the run goes on without them. */
  readonly rejected: readonly RejectedSteering[];
}

export interface RejectedSteering {
  readonly change: Steering;
  readonly reason: string;
}

export type RunStatus = 'completed' | 'cancelled' | 'plateau' | 'diverged';

export interface RunResult {
  readonly status: RunStatus;
  /** Steps done. */
  readonly steps: number;
  readonly skippedSteps: number;
  readonly tokens: Tokens;
  readonly frame: Frame;
  readonly manifest: Manifest;
  readonly checkpoint: Checkpoint;
}
