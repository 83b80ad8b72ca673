// The public face of @tessera/db: opening the database, and one function for each thing that is read or changed.
export type { Database, Health } from './database.ts';
export { backupDirectory } from './embedded/backup-directory.ts';
export { restoreBackup } from './embedded/restore.ts';
export {
  BackupError,
  ConflictError,
  DatabaseError,
  DataDirectoryInUseError,
  ExpiredError,
  FencedError,
  IdempotencyConflictError,
  InputError,
  MigrationError,
  NotFoundError,
  QuotaError,
  RunStateError,
  StepFormatError,
  StepGapError,
  UnavailableError,
  UnexpectedDatabaseError,
  UnsupportedError,
} from './errors.ts';
export { type PlacedToken, runsByToken } from './history/by-token.ts';
export { compactRun } from './history/compact.ts';
export { diffSteps, type StepAddress, type StepDiff } from './history/diff.ts';
export type { Embedding } from './history/embeddings.ts';
export {
  type ImageNeighbour,
  type ImageQuery,
  nearestRunsByImage,
  nearestSeedsByImage,
} from './history/nearest-images.ts';
export {
  nearestRunsByTokens,
  nearestSeedsByTokens,
  type TokenNeighbour,
  type TokenQuery,
} from './history/nearest-tokens.ts';
export { positionStatistics } from './history/positions.ts';
export { type ReplayWindow, readLastSteps, readStep, readSteps, replaySteps, type StepRange } from './history/steps.ts';
export { newId } from './ids.ts';
export { type DatabaseOptions, openDatabase } from './open.ts';
export type { Edge, Page, PageRequest } from './page.ts';
export { type AuditEntry, listAudit, recordAudit } from './people/audit.ts';
export {
  acceptInvitation,
  type Invitation,
  invite,
  listInvitations,
  withdrawInvitation,
} from './people/invitations.ts';
export { listMembers, type Member, removeMember, roleOf, setRole } from './people/members.ts';
export {
  createShareLink,
  isShareLinkOpen,
  listShareLinks,
  openShareLink,
  revokeShareLink,
  type ShareLink,
} from './people/share-links.ts';
export { createUser, getUser, type User } from './people/users.ts';
export { createWorkspace, deleteWorkspace, getWorkspace, listWorkspaces, type Workspace } from './people/workspaces.ts';
export { type BlobInfo, getBlob, putBlob, type StoredBlob } from './pictures/blobs.ts';
export { createMask, deleteMask, getMask, listMasks, type Mask } from './pictures/masks.ts';
export {
  createSeed,
  deleteSeed,
  getSeed,
  getSeedTokens,
  listSeeds,
  putSeedFeature,
  putSeedTokens,
  type Seed,
  updateSeed,
} from './pictures/seeds.ts';
export {
  completeUpload,
  createUpload,
  getUpload,
  openUpload,
  type Upload,
  type UploadPurpose,
} from './pictures/uploads.ts';
export { applyRetention, deleteRun, type RetentionReport } from './retention.ts';
export { type Place, type RowKind, type Rows, type RunPlace, readRows } from './rows.ts';
export { type Appended, appendSteps, type NewCheckpoint, type StepsToAppend, saveCheckpoint } from './runs/append.ts';
export { type Claim, type ClaimRequest, claimNext } from './runs/claim.ts';
export { requestCancel, requestPause, resumeRun, updateRun } from './runs/control.ts';
export { createRun, earlierRun, type NewRun, type QueueQuotas, type RepeatableRequest } from './runs/create.ts';
export { finishRun, pauseHeldRun, type RunEnd } from './runs/finish.ts';
export { type ExpiredLease, expireLeases, type RenewedLease, releaseLease, renewLease } from './runs/lease.ts';
export { countRuns, listRuns, type RunFilter, type RunOrder } from './runs/list.ts';
export { type QueueLoad, queueLoad, queuePositions } from './runs/queue.ts';
export { getCheckpoint, loadCheckpoint, type StoredCheckpoint } from './runs/resume.ts';
export { getRun, listForks, type Run, readRuns } from './runs/run.ts';
export { listSteering, requestSteer, type SteeringRequest } from './runs/steer.ts';
export {
  createSweep,
  earlierSweep,
  getSweep,
  listSweeps,
  type NewSweep,
  type Sweep,
  type SweepAxis,
} from './runs/sweeps.ts';
export { getWorkerModels, putWorkerModels } from './runs/worker-models.ts';
export {
  addComment,
  type Comment,
  deleteComment,
  getComment,
  listComments,
  type NewComment,
  type Region,
  updateComment,
} from './sessions/comments.ts';
export {
  type AppendedUpdate,
  appendUpdate,
  compactDocument,
  documentsToCompact,
  loadDocument,
  type StoredDocument,
  type StoredUpdate,
} from './sessions/documents.ts';
export {
  createSession,
  deleteSession,
  getSession,
  listSessions,
  type StudioSession,
  updateSession,
} from './sessions/sessions.ts';
export { packSteps, unpackSteps } from './steps/pack.ts';
export type { PositionStatistics } from './steps/statistics.ts';
