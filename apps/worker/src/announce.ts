// Tells the world over the bus. The database has everything that is told, so a bus that is away stops no run.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bus, BusUnavailableError } from '@tessera/bus';
import type { Run } from '@tessera/db';
import { type FrameMessage, type RunFailure, type RunStatus, type StepRecord, seqOfStep } from '@tessera/protocol';
import { publishChange, publishFrame, publishQueueChanged, publishStatus, publishStep } from '@tessera/wire';
import type { Logger } from 'pino';
import type { WorkerLimits } from './limits.ts';

export interface NewStatus {
  readonly run: Pick<Run, 'id' | 'workspaceId' | 'sessionId'>;
  readonly status: RunStatus;
  /** The next step that is not stored: the number of stored steps. */
  readonly nextStep: number;
  readonly error?: RunFailure;
}

const STATUS_RETRY_MS = 500;

export class Announcer {
  readonly #bus: Bus;
  readonly #log: Logger;
  readonly #attempts: number;
  /** While the bus is away: since when (ms), and how much it did not take. */
  #away: { readonly since: number; lost: number } | undefined;

  constructor(bus: Bus, log: Logger, limits: Pick<WorkerLimits, 'statusAttempts'>) {
    this.#bus = bus;
    this.#log = log;
    this.#attempts = limits.statusAttempts;
  }

  /** Stored steps, in order. The steps that could not be told: they are told again before later ones, or read as a gap. */
  async steps(runId: string, steps: readonly StepRecord[]): Promise<readonly StepRecord[]> {
    for (const [i, step] of steps.entries()) {
      const told = await this.#try(() =>
        publishStep(this.#bus.live, { type: 'step', runId, seq: seqOfStep(step.step), step }),
      );
      if (!told) return steps.slice(i);
    }
    return [];
  }

  async frame(message: FrameMessage): Promise<void> {
    await this.#try(() => publishFrame(this.#bus.live, message));
  }

  /** A new status, to those who watch the run, the lists and the queue. */
  async status({ run: { id, workspaceId, sessionId }, status, nextStep, error }: NewStatus): Promise<void> {
    const message = { type: 'status', runId: id, seq: nextStep, status, ...(error && { error }) } as const;
    for (let attempt = 1; attempt <= this.#attempts; attempt++) {
      if (await this.#try(() => publishStatus(this.#bus.live, message))) break;
      if (attempt < this.#attempts) await sleep(STATUS_RETRY_MS);
    }
    await this.#try(() => publishChange(this.#bus.live, workspaceId, { kind: 'RUN', id, sessionId, status }));
    await this.#try(() => publishQueueChanged(this.#bus.live));
  }

  /** Says that a run waits for a worker. */
  async hint(runId: string): Promise<void> {
    await this.#try(() => this.#bus.queue.hint(runId));
  }

  async #try(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      this.#isBack();
      return true;
    } catch (error) {
      if (error instanceof BusUnavailableError) this.#isAway(error);
      else this.#log.error({ err: error }, 'the bus took no message');
      return false;
    }
  }

  /** One line, however many steps are not told. */
  #isAway(error: BusUnavailableError): void {
    if (!this.#away) this.#log.warn({ err: error }, 'the bus is away; runs go on, and what they give is stored');
    this.#away ??= { since: Date.now(), lost: 0 };
    this.#away.lost += 1;
  }

  #isBack(): void {
    if (!this.#away) return;
    const { since, lost } = this.#away;
    this.#away = undefined;
    this.#log.warn({ messages: lost, seconds: Math.round((Date.now() - since) / 1_000) }, 'the bus is back');
  }
}
