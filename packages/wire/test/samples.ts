// Messages as workers send them.
import type { FrameMessage, StatusChanged, StepHappened, TokenData } from '@tessera/protocol';

export const indices: TokenData = { kind: 'indices', data: Int32Array.from({ length: 32 }, (_, i) => 4095 - i) };
export const vectors: TokenData = {
  kind: 'vectors',
  data: Float32Array.from({ length: 24 }, (_, i) => Math.fround(Math.sin(i))),
};

export const step: StepHappened = {
  type: 'step',
  runId: 'run_1',
  seq: 8,
  step: {
    step: 7,
    loss: Math.fround(0.123),
    regularisation: 0,
    terms: [
      { kind: 'clip', loss: Math.fround(-0.31), weight: 1, similarity: Math.fround(0.31) },
      { kind: 'l2', loss: 2, weight: Math.fround(0.1) },
    ],
    gradientNorms: Float32Array.from({ length: 32 }, (_, i) => i / 7),
    tokens: indices,
    changed: [3, 31],
    score: Math.fround(0.42),
    skipped: false,
    steering: [{ learningRate: 0.1, prompts: ['a tiger — 虎'], nested: { weight: null } }],
  },
};

export const skipped: StepHappened = {
  ...step,
  seq: 9,
  step: {
    step: 8,
    loss: Number.NaN,
    regularisation: Number.POSITIVE_INFINITY,
    terms: [{ kind: 'clip', loss: Number.NaN, weight: 1 }],
    gradientNorms: Float32Array.of(Number.NaN, 1e-40, -0),
    tokens: vectors,
    changed: [],
    skipped: true,
    steering: [],
  },
};

export const status: StatusChanged = {
  type: 'status',
  runId: 'run_1',
  seq: 8,
  status: 'failed',
  error: { code: 'RUN_NOT_FINITE', message: 'The loss was not finite.' },
};

export const frame: FrameMessage = {
  runId: 'run_1',
  seq: 8,
  format: 'webp',
  size: 128,
  bytes: Uint8Array.from({ length: 3000 }, (_, i) => i * 7),
  sha256: 'ab'.repeat(32),
};
