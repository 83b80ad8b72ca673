// Every limit of the model store, in one place.

export interface PullLimits {
  /** Attempts in a row that bring no new byte before a download gives up, count. Default 5: about 15 seconds of a dead line. */
  readonly attempts: number;
  /** Wait before the second attempt, milliseconds; doubled each time. Default 500: a restarting proxy needs about a second. */
  readonly retryMs: number;
  /** Longest silence within a download before it counts as broken, milliseconds. Default 60,000: slow disks at the far end pause for 20. */
  readonly stallMs: number;
  /** Age without a sign of life after which another process's lock is taken over, milliseconds. Default 30,000: it is renewed every 5,000. */
  readonly lockStaleMs: number;
  /** Space to leave on the disk beside a model, bytes. Default 100 MB: databases and logs live there too. */
  readonly spareBytes: number;
}

export const defaultPullLimits: PullLimits = {
  attempts: 5,
  retryMs: 500,
  stallMs: 60_000,
  lockStaleMs: 30_000,
  spareBytes: 100_000_000,
};
