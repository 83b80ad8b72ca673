// The public face of @tessera/protocol: what the API, the workers and the page say to each other.
export { CLOSE_CODES, type CloseCode, type CloseCodeName, closeCode } from './close-codes.ts';
export { ERROR_CODES, type ErrorCode } from './error-codes.ts';
export {
  type DocumentUpdate,
  FRAME_FORMATS,
  type FrameFormat,
  type FrameMessage,
  type Gap,
  type Presence,
  type QueuePosition,
  type RunCommand,
  type RunEvent,
  type RunsChanged,
  type StatusChanged,
  type StepHappened,
} from './events.ts';
export {
  LIMITS,
  type Limit,
  type LimitName,
  type Limits,
  type LimitValues,
  limitsWith,
  limitValues,
} from './limits.ts';
export {
  allows,
  isRole,
  RIGHTS,
  type Right,
  ROLES,
  type Role,
  SHARE_ACCESS,
  SHARE_ROLES,
  type ShareAccess,
} from './roles.ts';
export type { RunConfig, RunOrigin } from './run-config.ts';
export {
  isEnding,
  type Lease,
  nextRunState,
  RUN_ENDINGS,
  RUN_STATUSES,
  type RunEnding,
  type RunFailure,
  type RunState,
  type RunStatus,
  type RunTransition,
} from './run-state.ts';
export { type StepRecord, type StepTerm, seqOfStep, stepAfterSeq, type TokenData } from './steps.ts';
