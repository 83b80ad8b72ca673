// Every limit of compute requests in one place: default, unit, reason.
import type { Limit } from '@tessera/protocol';

export const COMPUTE_LIMITS = {
  picturesPerRequest: {
    value: 8,
    unit: 'pictures',
    reason:
      'decoded or embedded in one request: steps of a running run come in between; the client splits longer lists',
  },
  textsPerRequest: { value: 64, unit: 'texts', reason: 'embedded in one request: a text takes a tenth of a picture' },
  pictureBytes: {
    value: 12 * 1024 * 1024,
    unit: 'bytes',
    reason: 'encoded pictures of one request: an upload has up to 10 MB, the bus carries 16',
  },
  pictureSize: { value: 1024, unit: 'px', reason: 'the longest side that is asked for: the largest tokenizer has it' },
  perturbations: { value: 64, unit: 'tokens', reason: 'returned for one position: a screen of pictures' },
  textCharacters: { value: 2_000, unit: 'characters', reason: 'text encoders read 77 tokens' },
  listTimeoutMs: {
    value: 15_000,
    unit: 'ms',
    reason: 'the list of models is at hand in every worker: who hears nothing for this long has no worker',
  },
  timeoutMs: {
    value: 60_000,
    unit: 'ms',
    reason: 'until a client gives up: the first picture of a large model waits for its weights',
  },
  concurrency: {
    value: 4,
    unit: 'requests',
    reason: 'at a time in one worker: one computes while others are encoded, scaled or come from memory',
  },
  longConcurrency: { value: 2, unit: 'requests', reason: 'beside those: each takes seconds, and the device is one' },
} as const satisfies Record<string, Limit>;
