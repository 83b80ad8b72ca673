// The public face of @tessera/engine/plan: plans and live changes are checked here without loading models or the runtime.
export { deadKnobs } from './dead-knobs.ts';
export { PlanError } from './errors.ts';
export { checkLocks, checkPositions } from './loop/lock.ts';
export { LIMITS, type ObjectiveSpec, parsePlan, type RunPlan, type RunPlanInput, type Steering } from './plan.ts';
export { PRESET_TEXTS, PRESETS, type PresetName, presetFor } from './presets.ts';
export { parseSteering, steer } from './steering.ts';
