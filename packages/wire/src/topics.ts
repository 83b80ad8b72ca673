// The topics of the live channel between workers and the API.

export const topics = {
  /** Lossless: a step each, numbered by `seqOfStep`. Latest: `status` and `frame`. */
  run: (runId: string) => `run:${runId}`,
  /** Latest by key: `run:<id>`, `seed:<id>`, `session:<id>`, ...: something about it changed. */
  workspace: (workspaceId: string) => `workspace:${workspaceId}`,
  /** Latest, one key: the order of the queue may have changed. */
  queue: 'queue',
} as const;
