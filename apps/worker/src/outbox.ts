// What a held run gives out: steps into the database and then to the world, frames straight to the world.
import { appendSteps, type Claim, FencedError } from '@tessera/db';
import { type Checkpoint, encodeCheckpoint, type Frame } from '@tessera/engine';
import type { Logger } from 'pino';
import type { Desk } from './desk.ts';
import { FrameSender } from './frame-sender.ts';
import type { RecordedStep } from './record.ts';
import { patiently } from './retry.ts';
import { type Batch, StepsBuffer } from './steps-buffer.ts';
import type { Wishes } from './wishes.ts';

export interface OutboxOptions {
  readonly desk: Desk;
  readonly claim: Claim;
  readonly wishes: Wishes;
  readonly log: Logger;
  /** Bytes of a stored state: large ones are written less often. */
  readonly checkpointBytes: number;
}

export class Outbox implements AsyncDisposable {
  readonly #options: OutboxOptions;
  readonly #steps: StepsBuffer;
  readonly #frames: FrameSender;
  #nextStep: number;
  #toldRunning = false;

  constructor(options: OutboxOptions) {
    const { desk, claim, log, checkpointBytes } = options;
    const { limits } = desk;
    this.#options = options;
    this.#nextStep = claim.run.nextStep;
    this.#steps = new StepsBuffer({
      maxSteps: limits.stepBatch,
      intervalMs: Math.max(limits.stepBatchMilliseconds, (1000 * checkpointBytes) / limits.checkpointBytesPerSecond),
      store: (batch) => this.#store(batch),
      tell: (steps) => this.#tell(steps),
      onError: (error) =>
        options.wishes.add(error instanceof FencedError ? { kind: 'fenced' } : { kind: 'lost', error }),
    });
    this.#frames = new FrameSender({
      runId: claim.run.id,
      maxFps: limits.maxFps,
      send: async (message) => {
        if (options.wishes.gone) return;
        await desk.announcer.frame(message);
        desk.metrics.frames.inc();
      },
      onError: (error) => log.error({ err: error }, 'a frame could not be encoded'),
    });
  }

  /** Steps that are stored. */
  get nextStep(): number {
    return this.#nextStep;
  }

  /** `checkpoint`: the state after the step. Settles when there is room for another. Never rejects. */
  async add(step: RecordedStep, checkpoint: Checkpoint, frame: Frame | undefined): Promise<void> {
    this.#steps.add(step, checkpoint);
    if (frame && !this.#options.wishes.gone) this.#frames.offer(step.record.step, frame);
    await this.#steps.room();
  }

  /** Settles when everything is stored and told, or cannot be: the wishes then say so. Never rejects. */
  async flush(): Promise<void> {
    await this.#steps.flush();
    if (!this.#options.wishes.gone) await this.#frames.drain();
  }

  /** Gives out nothing more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#frames.stop();
    await this.#steps.stop();
    await this.#frames.drain();
  }

  async #store({ steps, checkpoint, steered }: Batch): Promise<void> {
    const { desk, claim } = this.#options;
    const stored = { step: checkpoint.step, data: encodeCheckpoint(checkpoint) };
    const { nextStep } = await patiently(desk.limits, () =>
      appendSteps(desk.database, {
        ...{ runId: claim.run.id, fence: claim.lease.fence, steps, steered },
        checkpoint: stored,
      }),
    );
    this.#nextStep = nextStep;
  }

  async #tell(steps: Batch['steps']): Promise<Batch['steps']> {
    const { desk, claim, wishes } = this.#options;
    // They are true, stored under a fence that held; but whoever holds the run now tells them again itself.
    if (wishes.gone) return [];
    const untold = await desk.announcer.steps(claim.run.id, steps);
    if (!this.#toldRunning) {
      this.#toldRunning = true;
      await desk.announcer.status({ run: claim.run, status: 'running', nextStep: this.#nextStep });
    }
    return untold;
  }
}
