// Every limit of a worker's compute requests that callers do not see: default, unit, reason.
import { type Limit, type LimitValues, limitValues } from '@tessera/protocol';

export const COMPUTE_WORK_LIMITS = {
  cacheBytes: {
    value: 64 * 1024 * 1024,
    unit: 'bytes',
    reason: 'decoded pictures kept: 8,000 WebP of 256 px, or a scrubbed history of 300 PNGs',
  },
  candidates: {
    value: 128,
    unit: 'tokens',
    reason: 'tried at a position, each a decode: 1 to 4 s with the pocket tokenizer on a CPU',
  },
  perturbMs: {
    value: 10_000,
    unit: 'ms',
    reason: 'then no more are tried, but as many as are asked for: large tokenizers decode in a second on a CPU',
  },
} as const satisfies Record<string, Limit>;

export type ComputeWorkLimits = LimitValues<typeof COMPUTE_WORK_LIMITS>;

/** The defaults with own values laid over them. */
export const computeWorkLimitsWith = (own: Partial<ComputeWorkLimits> = {}): ComputeWorkLimits =>
  limitValues(COMPUTE_WORK_LIMITS, own);
