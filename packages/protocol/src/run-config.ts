// What a stored run says about its computation: the engine's plan, and where its tokens come from.

/** Where the tokens of a run begin. Pictures and masks are rows of their own (`seedId`, `maskId` of the run). */
export type RunOrigin =
  /** The plan says it: the run's seed picture, or noise. */
  | { readonly kind: 'plan' }
  /** Codebook indices that somebody pasted, merged or imported. */
  | { readonly kind: 'indices'; readonly indices: readonly number[] }
  /** Vectors [positions, channels] of a tokenizer without codebook. */
  | { readonly kind: 'vectors'; readonly vectors: readonly number[] }
  /**
   * The state after `step` of another run of the workspace: its checkpoint where that is the newest state, else the stored
   * tokens of the step.
   */
  | { readonly kind: 'step'; readonly runId: string; readonly step: number };

/** `config` of a run in the database: plain JSON. */
export interface RunConfig {
  readonly format: 'tessera-run-1';
  /** The engine's resolved plan (`RunPlan`). */
  readonly plan: object;
  readonly origin: RunOrigin;
}
