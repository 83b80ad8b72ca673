// Every limit of the server in one place: default, unit, reason. All can be overridden by configuration.

export interface Limit {
  readonly value: number;
  readonly unit: string;
  readonly reason: string;
}

export const LIMITS = {
  // WebSocket
  unauthenticatedMessageBytes: {
    value: 64 * 1024,
    unit: 'bytes',
    reason: 'before connection_init only a token is sent',
  },
  unauthenticatedMessages: {
    value: 20,
    unit: 'messages',
    reason: 'connection_init and pings; a flood closes with 4429',
  },
  messageBytes: {
    value: 1024 * 1024,
    unit: 'bytes',
    reason: 'a merged document update or a stroke; pictures go by upload',
  },
  connectionInitSeconds: { value: 10, unit: 's', reason: 'a slow phone needs 2 s; idle sockets cost memory' },
  socketsPerUser: { value: 50, unit: 'sockets', reason: 'some tabs and a notebook' },
  socketsPerAddress: { value: 200, unit: 'sockets', reason: 'a class room behind one address' },
  subscriptionsPerSocket: { value: 100, unit: 'operations', reason: 'a comparison of 64 runs and its panels' },
  tokenRecheckSeconds: { value: 30, unit: 's', reason: 'a revoked token closes its live sockets within this time' },
  unansweredPings: {
    value: 2,
    unit: 'frames',
    reason: 'kernel buffers hold seconds of stale frames; more in flight only ages them',
  },
  // GraphQL documents, on both transports
  queryDepth: { value: 12, unit: 'levels', reason: 'the deepest query of our page has 9' },
  queryAliases: { value: 30, unit: 'aliases', reason: 'one page compares up to 16 runs; aliases multiply cost' },
  queryDirectives: { value: 20, unit: 'directives', reason: 'repeated directives cost time before any resolver runs' },
  queryTokens: { value: 2_000, unit: 'lexical tokens', reason: 'the largest document of our page has 600' },
  queryCost: {
    value: 5_000,
    unit: 'points',
    reason: 'one point per field times page size: 100 runs with 20 fields are 2,000',
  },
  requestBytes: { value: 1024 * 1024, unit: 'bytes', reason: 'a document with variables; pictures go by upload' },
  pageSize: { value: 100, unit: 'items', reason: 'a list page; connections go on with a cursor' },
  requestsPerMinute: { value: 600, unit: 'requests', reason: 'per user; the page makes under 60' },
  requestsPerMinutePerAddress: { value: 3_000, unit: 'requests', reason: 'a class room behind one address' },
  signInsPerMinute: { value: 10, unit: 'attempts', reason: 'per address; slows down password guessing' },
  // Text
  promptCharacters: {
    value: 2_000,
    unit: 'characters',
    reason: 'text encoders read 77 tokens; the engine refuses more',
  },
  nameCharacters: { value: 200, unit: 'characters', reason: 'names of sessions, seeds, sweeps and workspaces' },
  commentCharacters: { value: 5_000, unit: 'characters', reason: 'a page of text' },
  tagCharacters: { value: 60, unit: 'characters', reason: 'a word or two' },
  tagsPerItem: { value: 32, unit: 'tags', reason: 'more are not read by anyone' },
  idempotencyKeyCharacters: { value: 128, unit: 'characters', reason: 'a UUID with a prefix' },
  searchCharacters: { value: 500, unit: 'characters', reason: 'a search, not a document' },
  // Uploads
  uploadBytes: { value: 10 * 1024 * 1024, unit: 'bytes', reason: 'a phone photo is 3 to 6 MB' },
  uploadPixels: { value: 4096 * 4096, unit: 'pixels', reason: '16 MP: RGBA takes 64 MiB while it is decoded' },
  uploadSeconds: { value: 600, unit: 's', reason: 'how long a one-time upload address is valid' },
  tokenImportBytes: { value: 64 * 1024 * 1024, unit: 'bytes', reason: 'thousands of token histories' },
  checkpointBytes: {
    value: 64 * 1024 * 1024,
    unit: 'bytes',
    reason: 'five float32 copies of 512 px pixel latents take 15 MB',
  },
  // Documents
  documentUpdateBytes: { value: 512 * 1024, unit: 'bytes', reason: 'one merged push; a long stroke is under 20 kB' },
  documentBytes: {
    value: 8 * 1024 * 1024,
    unit: 'bytes',
    reason: 'a session document with masks; larger ones load slowly',
  },
  documentCompactEvery: {
    value: 100,
    unit: 'updates',
    reason: 'a late joiner reads one snapshot and at most this many updates',
  },
  // Queue
  queuedRunsPerUser: { value: 500, unit: 'runs', reason: 'a sweep of 20 x 20 and some' },
  queuedRunsPerWorkspace: { value: 5_000, unit: 'runs', reason: 'ten people with full queues' },
  runningRunsPerUser: {
    value: 4,
    unit: 'runs',
    reason: 'nobody takes every device; lanes of one device count one by one',
  },
  runningRunsPerWorkspace: { value: 32, unit: 'runs', reason: 'the lanes of some devices' },
  sweepRuns: { value: 400, unit: 'runs', reason: 'a grid of 20 x 20' },
  iterations: { value: 20_000, unit: 'steps', reason: 'the engine refuses more; the reference uses 600' },
  runAttempts: { value: 10, unit: 'claims', reason: 'a run that kills its worker ten times will do so again' },
  leaseSeconds: { value: 6, unit: 's', reason: 'another worker resumes within 10 s of a kill' },
  leaseRenewSeconds: { value: 2, unit: 's', reason: 'two renewals may be lost' },
  cancelSteps: { value: 1, unit: 'steps', reason: 'how long a cancelled run may go on' },
  steeringPerRun: { value: 10_000, unit: 'changes', reason: 'a slider dragged for minutes, sent 10 times a second' },
  // Live
  maxFps: { value: 30, unit: 'frames/s', reason: 'the page draws no faster; 200 viewers at 30 were measured' },
  defaultFps: { value: 10, unit: 'frames/s', reason: 'smooth enough for a step of 100 ms' },
  frameSize: { value: 512, unit: 'px', reason: 'the largest side a tokenizer decodes' },
  frameQueue: { value: 1, unit: 'frames', reason: 'per subscriber; an older frame is worth nothing' },
  stepBatch: { value: 64, unit: 'steps', reason: 'one row and one commit; 300 steps are 5 rows' },
  stepBatchMilliseconds: { value: 250, unit: 'ms', reason: 'persist before publish: how late a metric may be' },
  replaySteps: { value: 500, unit: 'steps', reason: 'read and sent at once during a replay' },
  presenceSeconds: { value: 30, unit: 's', reason: 'after which a silent cursor goes' },
  // Exports
  filmsAtOnce: { value: 2, unit: 'films', reason: 'encoded in one process: each takes a core' },
  filmsWaiting: { value: 8, unit: 'films', reason: 'for their turn; more would wait for minutes' },
  // History
  historySteps: { value: 20_000, unit: 'steps', reason: 'in one answer; the longest run' },
  neighbours: { value: 100, unit: 'results', reason: 'of a nearest query' },
  neighbourCandidates: { value: 20_000, unit: 'runs', reason: 'the newest ones that a nearest query looks at' },
  // Retention
  stepsDays: { value: 365, unit: 'days', reason: 'then steps of runs nobody pinned are thinned' },
  checkpointDays: {
    value: 7,
    unit: 'days',
    reason: 'after the end of a run; a fork at an old step starts from its tokens',
  },
  idempotencyHours: { value: 24, unit: 'h', reason: 'how long a repeated mutation gives the same answer' },
  invitationDays: { value: 7, unit: 'days', reason: 'an unanswered invitation' },
  auditDays: { value: 400, unit: 'days', reason: 'a year and a month' },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;

/** The numbers of a table of limits. */
export type LimitValues<T> = { readonly [K in keyof T]: number };
export type Limits = LimitValues<typeof LIMITS>;

/** The defaults of a table with own values laid over them. */
export function limitValues<T extends Readonly<Record<string, Limit>>>(
  table: T,
  own: Partial<LimitValues<T>> = {},
): LimitValues<T> {
  const names = Object.keys(table) as (keyof T)[];
  return Object.fromEntries(names.map((name) => [name, own[name] ?? table[name]!.value])) as LimitValues<T>;
}

/** The server's limits with own values laid over them. */
export const limitsWith = (own: Partial<Limits> = {}): Limits => limitValues(LIMITS, own);
