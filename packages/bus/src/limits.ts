// Every limit of this package in one place: default, unit, reason. All can be overridden per bus.
import { type Limit, type LimitValues, limitValues } from '@tessera/protocol';

export const BUS_LIMITS = {
  windowEvents: {
    value: 2_048,
    unit: 'events',
    reason: 'replay of a topic: 3 minutes at 10 steps a second; what is older is in the database',
  },
  windowBytes: {
    value: 4 * 1024 * 1024,
    unit: 'bytes',
    reason: 'replay of a topic in this process: 2,048 steps of 32 tokens and their metrics are under 2 MB',
  },
  totalBytes: {
    value: 256 * 1024 * 1024,
    unit: 'bytes',
    reason: 'replay windows of all topics in the memory hub; once a sweep, topics nobody watches go, oldest first',
  },
  eventBytes: {
    value: 1024 * 1024,
    unit: 'bytes',
    reason: 'a 512 px WebP frame is 40 kB, a merged document update 512',
  },
  latestKeys: {
    value: 256,
    unit: 'keys',
    reason: 'latest-wins slots of a topic: one per frame size or per person in a session; the oldest goes',
  },
  latestTtlMs: {
    value: 600_000,
    unit: 'ms',
    reason: 'how long a newcomer still gets the newest frame of a silent topic',
  },
  latestPatience: {
    value: 64,
    unit: 'events',
    reason:
      'a frame waits for the lossless events before it, but a reader far behind still gets a picture now and then',
  },
  topicTtlMs: {
    value: 600_000,
    unit: 'ms',
    reason: 'a topic that nobody watches or feeds; longer than a laptop lid stays closed between two meetings',
  },
  headTtlMs: {
    value: 7 * 24 * 3_600_000,
    unit: 'ms',
    reason: 'Redis: how long the last number of a topic outlives its events, so that numbering goes on without a jump',
  },
  sweepMs: { value: 1_000, unit: 'ms', reason: 'how late an expired slot or topic is noticed; presence lives 30 s' },
  readBatch: {
    value: 256,
    unit: 'events',
    reason: 'Redis: events per topic in one read of the shared reader; bounds the memory of one reply',
  },
  blockMs: { value: 5_000, unit: 'ms', reason: 'Redis: longest blocking read; a dead connection is noticed after it' },
  commandTimeoutMs: {
    value: 2_000,
    unit: 'ms',
    reason: 'Redis: a command answers in 1 ms; a caller must not hang on a server that is gone',
  },
  retryMs: { value: 500, unit: 'ms', reason: 'Redis: longest wait between two attempts to reconnect' },
  pollMs: {
    value: 5_000,
    unit: 'ms',
    reason:
      'a worker without hints looks at the database anyway: a lost hint costs this, and a run resumes within 10 s',
  },
  handlerRetryMs: { value: 1_000, unit: 'ms', reason: 'a hint whose handler failed comes back after this' },
  callBytes: {
    value: 16 * 1024 * 1024,
    unit: 'bytes',
    reason: 'a request or an answer: an uploaded picture has up to 10 MB, 64 PNGs of 256 px have 12',
  },
  callTimeoutMs: {
    value: 30_000,
    unit: 'ms',
    reason: 'the first picture of a large model takes 10 s to load on a CPU',
  },
  callsWaiting: {
    value: 256,
    unit: 'requests',
    reason: 'of a service; more would be too old before they are answered',
  },
  callAnswerTtlMs: { value: 60_000, unit: 'ms', reason: 'Redis: an answer whose caller has vanished' },
} as const satisfies Record<string, Limit>;

export type BusLimitName = keyof typeof BUS_LIMITS;
export type BusLimits = LimitValues<typeof BUS_LIMITS>;

/** The defaults with own values laid over them. */
export const busLimitsWith = (own: Partial<BusLimits> = {}): BusLimits => limitValues(BUS_LIMITS, own);
