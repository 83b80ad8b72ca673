// One step of a run as it is stored, sent and replayed: everything but the picture, which its tokens give back.

/** Codebook indices, or vectors [positions, channels] where the tokenizer has no codebook. */
export type TokenData =
  | { readonly kind: 'indices'; readonly data: Int32Array }
  | { readonly kind: 'vectors'; readonly data: Float32Array };

/** What one weighted objective said at a step. */
export interface StepTerm {
  readonly kind: string;
  readonly loss: number;
  readonly weight: number;
  readonly similarity?: number;
  readonly negativeSimilarity?: number;
}

export interface StepRecord {
  /** 0-based; steps of a run come without gaps. */
  readonly step: number;
  /** NaN when the step was skipped. Losses, terms and scores are float32. */
  readonly loss: number;
  readonly regularisation: number;
  readonly terms: readonly StepTerm[];
  /** Norm of the gradient at each position. */
  readonly gradientNorms: Float32Array;
  readonly tokens: TokenData;
  /** Positions whose index differs from the step before; empty for vectors and at step 0. */
  readonly changed: readonly number[];
  /** Independent score of the shown image, where the meter was read. */
  readonly score?: number;
  readonly skipped: boolean;
  /** Live changes that took effect at this step, as plain JSON. */
  readonly steering: readonly object[];
}

/** `seq` of a step on the wire; 0 stands for "nothing seen yet", so that `after: 0` replays everything. */
export const seqOfStep = (step: number): number => step + 1;

/** The first step that a client still needs who has seen everything up to `seq`. */
export const stepAfterSeq = (seq: number): number => seq;
