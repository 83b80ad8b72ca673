// Public face of @tessera/collab: the shared document of a session, its hub, its peers, presence, the mask.
export { DocumentCheck } from './document/check.ts';
export {
  addObjective,
  addStroke,
  changeObjective,
  clearStrokes,
  removeObjective,
  removeStroke,
  setLocks,
  setSettings,
  setText,
} from './document/edit.ts';
export { type InitialDocument, initialUpdate } from './document/initial.ts';
export { lockedPositions } from './document/locks.ts';
export { objectiveSchema, type SessionObjective } from './document/objective.ts';
export { type PlanDefaults, planInput, type SessionPlanInput } from './document/plan-input.ts';
export { readSnapshot, type SessionSnapshot, snapshotSchema } from './document/read.ts';
export { openDoc, ROOT_NAMES, type Roots, rootsOf, type Scalar } from './document/roots.ts';
export { SETTING_NAMES, type SettingName, type Settings, settingsSchema } from './document/settings.ts';
export { type Stroke, strokeSchema } from './document/stroke.ts';
export { undoFor } from './document/undo.ts';
export {
  CollabError,
  DocumentLimitError,
  DocumentShapeError,
  ForbiddenError,
  HubClosedError,
  MaskError,
  PlanInputError,
  PresenceInvalidError,
  PresenceRateError,
  StoreFailedError,
  UpdateMalformedError,
  UpdatesMissingError,
} from './errors.ts';
export type { DocumentFeed } from './hub/document-feed.ts';
export { DocumentHub, type DocumentHubOptions, type SyncAnswer } from './hub/document-hub.ts';
export { MemoryDocumentStore } from './hub/memory-store.ts';
export type {
  Actor,
  Authorise,
  DocumentAction,
  DocumentStore,
  LiveDelivery,
  LiveFeed,
  LivePort,
  StoredDocument,
  StoredUpdate,
} from './hub/ports.ts';
export { COLLAB_LIMITS, type CollabLimitName, type CollabLimits, collabLimitsWith } from './limits.ts';
export { type RasteriseOptions, rasterise } from './mask/rasterise.ts';
export {
  type DocumentLink,
  DocumentPeer,
  type DocumentPeerOptions,
  type PeerSync,
  type PushAnswer,
  REMOTE,
} from './peer/document-peer.ts';
export {
  type PresenceActor,
  type PresenceChange,
  PresenceHub,
  type PresenceHubOptions,
} from './presence/presence-hub.ts';
export { type PresenceState, parsePresence } from './presence/state.ts';
