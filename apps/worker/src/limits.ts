// Every limit of the worker beside the protocol's: default, unit, reason. All can be overridden per worker.
import { type Limit, type LimitValues, limitValues } from '@tessera/protocol';

export const WORKER_LIMITS = {
  crashesInARow: {
    value: 3,
    unit: 'crashes',
    reason: 'of the engine at one step of a run, the last ones with the run alone: then the run itself is the cause',
  },
  laneWaitMs: {
    value: 20,
    unit: 'ms',
    reason:
      'how long a shared step waits for a run that is between two of its own; storing and sending go on meanwhile',
  },
  databasePatienceMs: {
    value: 30_000,
    unit: 'ms',
    reason: 'a database that restarts; the lease is lost meanwhile only if another worker can reach it',
  },
  databaseRetryMs: { value: 250, unit: 'ms', reason: 'between two attempts' },
  checkpointBytesPerSecond: {
    value: 4 * 1024 * 1024,
    unit: 'bytes/s',
    reason: 'large states are stored less often: 15 MB of pixel latents every 4 s',
  },
  statusAttempts: { value: 3, unit: 'attempts', reason: 'a status is told once; the database has it anyway' },
  sweepMs: { value: 1_000, unit: 'ms', reason: 'how late an expired lease is noticed; a run resumes within 10 s' },
} as const satisfies Record<string, Limit>;

export type WorkerLimitName = keyof typeof WORKER_LIMITS;
export type WorkerLimits = LimitValues<typeof WORKER_LIMITS>;

/** The defaults with own values laid over them. */
export const workerLimitsWith = (own: Partial<WorkerLimits> = {}): WorkerLimits => limitValues(WORKER_LIMITS, own);
