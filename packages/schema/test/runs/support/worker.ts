// A worker without an engine: it claims, stores and tells as the real one does, with steps that are made up by number.

import { createHash } from 'node:crypto';
import { appendSteps, type Claim, claimNext, finishRun, getRun, type RunEnd } from '@tessera/db';
import { encodeFrame } from '@tessera/media';
import { type FrameMessage, type RunStatus, type StepRecord, seqOfStep } from '@tessera/protocol';
import { publishChange, publishFrame, publishStatus, publishStep } from '@tessera/wire';
import type { Studio } from '../../support/studio.ts';

const POSITIONS = 16;

/** Tokens after a step: position p moves on every p + 1 steps. */
export const tokensAt = (step: number): number[] =>
  Array.from({ length: POSITIONS }, (_, p) => (p * 3 + Math.floor(step / (p + 1))) % 64);

export function stepAt(step: number, more: Partial<StepRecord> = {}): StepRecord {
  const tokens = tokensAt(step);
  const before = step === 0 ? tokens : tokensAt(step - 1);
  return {
    step,
    loss: Math.fround(1 / (step + 1)),
    regularisation: 0,
    terms: [{ kind: 'clip', loss: Math.fround(1 / (step + 1)), weight: 1, similarity: 0.25 }],
    gradientNorms: new Float32Array(POSITIONS).fill(0.5),
    tokens: { kind: 'indices', data: Int32Array.from(tokens) },
    changed: tokens.flatMap((token, p) => (token === before[p] ? [] : [p])),
    skipped: false,
    steering: [],
    ...more,
  };
}

export class TestWorker {
  readonly claim: Claim;
  readonly #studio: Studio;
  next = 0;

  private constructor(studio: Studio, claim: Claim) {
    this.#studio = studio;
    this.claim = claim;
    this.next = claim.run.nextStep;
  }

  /** Takes the fairest run. */
  static async take(studio: Studio): Promise<TestWorker> {
    const claim = await claimNext(studio.database, {
      worker: 'test',
      capabilities: ['provider:cpu'],
      leaseSeconds: 600,
      runningRunsPerUser: 1_000,
      runningRunsPerWorkspace: 1_000,
    });
    if (!claim) throw new Error('nothing is queued');
    return new TestWorker(studio, claim);
  }

  get runId(): string {
    return this.claim.run.id;
  }

  /** Stores the next steps, then tells them. */
  async steps(
    count: number,
    { tell = true, ...more }: { readonly tell?: boolean } & Partial<Parameters<typeof appendSteps>[1]> = {},
  ): Promise<void> {
    const steps = Array.from({ length: count }, (_, i) => stepAt(this.next + i));
    const { fence } = this.claim.lease;
    await appendSteps(this.#studio.database, { runId: this.runId, fence, steps, ...more });
    this.next += count;
    if (!tell) return;
    for (const step of steps) {
      await publishStep(this.#studio.bus.live, { type: 'step', runId: this.runId, seq: seqOfStep(step.step), step });
    }
  }

  async status(status: RunStatus): Promise<void> {
    const { id, workspaceId, sessionId } = this.claim.run;
    await publishStatus(this.#studio.bus.live, { type: 'status', runId: id, seq: this.next, status });
    await publishChange(this.#studio.bus.live, workspaceId, { kind: 'RUN', id, sessionId, status });
  }

  /** A picture whose red says the step. */
  async frame(step: number): Promise<void> {
    const data = new Uint8Array(32 * 32 * 3).fill(step % 256);
    const bytes = await encodeFrame({ width: 32, height: 32, data }, { format: 'webp' });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const message: FrameMessage = { runId: this.runId, seq: seqOfStep(step), format: 'webp', size: 32, bytes, sha256 };
    await publishFrame(this.#studio.bus.live, message);
  }

  async finish(end: RunEnd = { status: 'completed' }, { tell = true } = {}): Promise<void> {
    await finishRun(this.#studio.database, this.runId, this.claim.lease.fence, end);
    if (tell) await this.status(end.status);
  }

  stored() {
    return getRun(this.#studio.database, this.claim.run.workspaceId, this.runId);
  }
}
