// Every limit of this package in one place: default, unit, reason. Those of the server's table are taken from there.
import { LIMITS, type Limit, type LimitValues, limitValues } from '@tessera/protocol';

export const COLLAB_LIMITS = {
  updateBytes: LIMITS.documentUpdateBytes,
  documentBytes: LIMITS.documentBytes,
  compactEvery: LIMITS.documentCompactEvery,
  textCharacters: {
    value: 4 * LIMITS.promptCharacters.value,
    unit: 'characters',
    reason: 'two people may each paste a long prompt; what is too long to run is told when it is run',
  },
  strokes: { value: 2_000, unit: 'strokes', reason: 'hours of painting; the mask is drawn anew for each run' },
  strokePoints: { value: 2_000, unit: 'points', reason: 'a stroke of 20 s at 100 points a second' },
  points: { value: 100_000, unit: 'points', reason: 'of all strokes: about 1 MB in the document' },
  objectives: { value: 8, unit: 'objectives', reason: 'the engine refuses more' },
  locks: { value: 4_096, unit: 'positions', reason: 'more tokens than any tokenizer here has' },
  tickMs: {
    value: 10,
    unit: 'ms',
    reason: 'updates of this time become one row, one number and one broadcast; nobody sees the delay',
  },
  idleMs: { value: 60_000, unit: 'ms', reason: 'a document nobody uses leaves memory; loading takes 10 ms' },
  presenceMs: { value: LIMITS.presenceSeconds.value * 1_000, unit: 'ms', reason: LIMITS.presenceSeconds.reason },
  presencePerSecond: { value: 20, unit: 'changes/s', reason: 'a smooth cursor; the page sends 15 a second' },
  presenceBurst: { value: 20, unit: 'changes', reason: 'what a slow network delivers at once' },
  maskWork: {
    value: 2_000_000_000,
    unit: 'pixel visits',
    reason: 'about four seconds of drawing; honest masks need a hundredth',
  },
} as const satisfies Record<string, Limit>;

export type CollabLimitName = keyof typeof COLLAB_LIMITS;
export type CollabLimits = LimitValues<typeof COLLAB_LIMITS>;

/** The defaults with own values laid over them. */
export const collabLimitsWith = (own: Partial<CollabLimits> = {}): CollabLimits => limitValues(COLLAB_LIMITS, own);
