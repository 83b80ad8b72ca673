// Public face of @tessera/engine: plans, the optimisation loop, and the operations on images and tokens around it.

export { deadKnobs } from './dead-knobs.ts';
export { checkTokens, type Encoded, Engine, type EngineOptions } from './engine.ts';
export { CheckpointError, EngineError, NotFiniteError, PlanError } from './errors.ts';
export type { Frame, RejectedSteering, RunResult, RunStatus, StepEvent, Tokens } from './events.ts';
export { buildStep, type StepShape, stepGraph } from './graphs/step.ts';
export { withInt8Encoder, withInt8Tokenizer } from './int8-models.ts';
export type { LoadedEncoder, LoadedTokenizer, ModelLibrary } from './library.ts';
export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './loop/checkpoint.ts';
export { type Draws, seededDraws } from './loop/draws.ts';
export { type StepOutcome, stepTogether } from './loop/optimise.ts';
export { type OptimiseOptions, Run } from './loop/run.ts';
export { planAt } from './loop/run-state.ts';
export { Mailbox } from './mailbox.ts';
export { type Manifest, parseManifest, startOf, targetHash } from './manifest.ts';
export type { ObjectiveTerm, Target } from './objectives/objective.ts';
export {
  type Crops,
  LIMITS,
  type ObjectiveSpec,
  parsePlan,
  type RunPlan,
  type RunPlanInput,
  type Steering,
} from './plan.ts';
export { PRESET_TEXTS, PRESETS, type PresetName, presetFor } from './presets.ts';
export { parseSteering } from './steering.ts';
export { storeLibrary } from './store-library.ts';
export { type Crop, cropSide, sampleViews, viewPositions } from './views.ts';
