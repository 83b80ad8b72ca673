// One leased run from its claim to its departure: opened, stepped, stored, told, and left in one of a few ways.
import { appendSteps, type Claim, DatabaseError, FencedError, renewLease, replaySteps } from '@tessera/db';
import { encodeCheckpoint, type Run, type RunStatus, type StepOutcome } from '@tessera/engine';
import { EngineCrashedError, RuntimeClosedError } from '@tessera/runtime';
import type { Logger } from 'pino';
import { listen } from './commands.ts';
import { type CrashRetryOptions, withCrashRetry } from './crash-retry.ts';
import type { Desk } from './desk.ts';
import { embeddingOf } from './embedding.ts';
import { failureOf } from './failure.ts';
import { FrameSender } from './frame-sender.ts';
import type { Lane } from './lanes.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { type Departure, leave } from './leave.ts';
import { openRun } from './open-run.ts';
import { recordOf } from './record.ts';
import { patiently } from './retry.ts';
import { SteeringInbox } from './steering-inbox.ts';
import { type Batch, StepsBuffer } from './steps-buffer.ts';
import { Wishes } from './wishes.ts';

export class HeldRun {
  readonly #desk: Desk;
  readonly #claim: Claim;
  readonly #log: Logger;
  readonly #wishes = new Wishes();
  readonly #inbox = new SteeringInbox();
  readonly #frames: FrameSender;
  readonly #crashes: CrashRetryOptions;
  /** Steps that are stored, as far as this worker knows. */
  #nextStep: number;
  #score: number | undefined;
  #toldRunning = false;

  constructor(desk: Desk, claim: Claim) {
    this.#desk = desk;
    this.#claim = claim;
    this.#nextStep = claim.run.nextStep;
    this.#log = desk.log.child({ run: claim.run.id, fence: claim.lease.fence });
    this.#frames = new FrameSender({
      runId: claim.run.id,
      maxFps: desk.limits.maxFps,
      send: async (message) => {
        if (this.#wishes.gone) return;
        await desk.announcer.frame(message);
        desk.metrics.frames.inc();
      },
      onError: (error) => this.#log.error({ err: error }, 'a frame could not be encoded'),
    });
    this.#crashes = { attempts: desk.limits.crashesInARow, onCrash: (error) => this.#crashed(error) };
  }

  /** Computes until the run is over or has to be left. Never rejects. */
  async compute(signal: AbortSignal): Promise<Departure> {
    const { run, lease } = this.#claim;
    const start = performance.now();
    this.#log.info({ step: run.nextStep, attempt: run.attempts }, 'run claimed');
    const ears = new AbortController();
    const handBack = () => this.#wishes.add({ kind: 'hand back' });
    signal.addEventListener('abort', handBack);
    if (signal.aborted) handBack();
    let departure: Departure;
    {
      await using keeper = this.#keepLease();
      const listening = listen(this.#desk.bus, run.id, ears.signal, {
        onCancel: () => this.#wishes.add({ kind: 'cancel' }),
        onNews: () => keeper.renewNow(),
      }).catch((error: unknown) => this.#log.error({ err: error }, 'commands are only read with the lease'));
      departure = await this.#work();
      ears.abort();
      await listening;
      departure = await leave(this.#desk, run, lease.fence, departure);
    }
    signal.removeEventListener('abort', handBack);
    this.#report(departure, (performance.now() - start) / 1000);
    return departure;
  }

  #keepLease(): LeaseKeeper {
    const { run, lease } = this.#claim;
    const { database, limits } = this.#desk;
    const keeper = new LeaseKeeper({
      database,
      runId: run.id,
      fence: lease.fence,
      leaseSeconds: limits.leaseSeconds,
      renewSeconds: limits.leaseRenewSeconds,
      log: this.#log,
      onRenewed: ({ cancelRequested, pauseRequested, steering }) => {
        if (cancelRequested) this.#wishes.add({ kind: 'cancel' });
        this.#wishes.pause(pauseRequested);
        this.#inbox.take(steering);
      },
      onFenced: () => this.#fenced(),
    });
    // Changes that were asked for while the run waited.
    keeper.renewNow();
    return keeper;
  }

  async #work(): Promise<Departure> {
    const { desk, run, lease } = { desk: this.#desk, ...this.#claim };
    let buffer: StepsBuffer | undefined;
    try {
      await this.#tellClaim();
      const opened = await withCrashRetry(this.#crashes, () =>
        patiently(desk.limits, () =>
          openRun({
            ...{ database: desk.database, engine: desk.engine, run, fence: lease.fence },
            mailbox: this.#inbox.mailbox,
          }),
        ),
      );
      buffer = this.#openBuffer(encodeCheckpoint(opened.checkpoint()).length);
      using lane = desk.lanes.join(opened);
      return await this.#drive(opened, lane, buffer);
    } catch (error) {
      await buffer?.flush();
      return this.#failed(error);
    } finally {
      if (this.#wishes.gone) this.#frames.stop();
      await this.#frames.drain();
      await buffer?.stop();
    }
  }

  /** The newest stored steps again: their worker may have died between storing and telling. */
  async #tellClaim(): Promise<void> {
    const { run } = this.#claim;
    const { announcer, database, limits } = this.#desk;
    if (run.nextStep > run.firstStep) {
      const from = Math.max(run.firstStep, run.nextStep - limits.stepBatch);
      const { steps } = await patiently(limits, () => replaySteps(database, run.id, from));
      await announcer.steps(run.id, steps);
    }
    await announcer.status({ run, status: 'leased', nextStep: run.nextStep });
  }

  #openBuffer(checkpointBytes: number): StepsBuffer {
    const { limits, announcer } = this.#desk;
    return new StepsBuffer({
      maxSteps: limits.stepBatch,
      intervalMs: Math.max(limits.stepBatchMilliseconds, (1000 * checkpointBytes) / limits.checkpointBytesPerSecond),
      store: (batch) => this.#store(batch),
      tell: async (steps) => {
        // Stored under a fence that held, so they are true; but another worker may be telling newer ones.
        if (this.#wishes.gone) return [];
        const untold = await announcer.steps(this.#claim.run.id, steps);
        await this.#tellRunning();
        return untold;
      },
      onError: (error) => {
        if (error instanceof FencedError) this.#fenced();
        else this.#wishes.add({ kind: 'lost', error });
      },
    });
  }

  async #store({ steps, checkpoint, steered }: Batch): Promise<void> {
    const { run, lease } = this.#claim;
    const { database, limits } = this.#desk;
    const data = encodeCheckpoint(checkpoint);
    const { nextStep } = await patiently(limits, () =>
      appendSteps(database, {
        ...{ runId: run.id, fence: lease.fence, steps, steered },
        checkpoint: { step: checkpoint.step, data },
      }),
    );
    this.#nextStep = nextStep;
  }

  async #tellRunning(): Promise<void> {
    if (this.#toldRunning) return;
    this.#toldRunning = true;
    await this.#desk.announcer.status({ run: this.#claim.run, status: 'running', nextStep: this.#nextStep });
  }

  async #drive(run: Run, lane: Lane, buffer: StepsBuffer): Promise<Departure> {
    for (;;) {
      const { now } = this.#wishes;
      switch (now.kind) {
        case 'go on': {
          if (run.done) return this.#ended(run, 'completed', buffer);
          const stop = await this.#step(run, lane, buffer);
          if (stop) return this.#ended(run, stop, buffer);
          break;
        }
        case 'cancel':
          return this.#ended(run, 'cancelled', buffer);
        case 'pause':
          await buffer.flush();
          if (await this.#stillPaused()) return { kind: 'paused' };
          break;
        case 'hand back':
          await buffer.flush();
          return this.#wishes.gone ? this.#gone() : { kind: 'handed back' };
        case 'fenced':
        case 'lost':
          return this.#gone();
        default:
          return now satisfies never;
      }
    }
  }

  /** One step; what the run stops with, if it does by itself. */
  async #step(run: Run, lane: Lane, buffer: StepsBuffer): Promise<RunStatus | undefined> {
    const { event, stop } = await this.#stepThroughCrashes(lane);
    buffer.add(recordOf(event, this.#inbox.seqOf), run.checkpoint());
    for (const { change, reason } of event.rejected) {
      this.#log.warn({ step: event.step, seq: this.#inbox.seqOf(change), reason }, 'a live change was rejected');
    }
    this.#score = event.score;
    if (event.frame && !this.#wishes.gone) this.#frames.offer(event.step, event.frame);
    await buffer.room();
    return stop;
  }

  /** After a crash the run is alone with its step, so that a run that ends every engine ends no other run. */
  async #stepThroughCrashes(lane: Lane): Promise<Extract<StepOutcome, { ok: true }>> {
    const model = this.#claim.run.tokenizer;
    let alone = false;
    return withCrashRetry(this.#crashes, async () => {
      const start = performance.now();
      const outcome = await lane.step({ alone });
      if (!outcome.ok) {
        alone = outcome.error instanceof EngineCrashedError;
        throw outcome.error;
      }
      this.#desk.metrics.stepSeconds.observe({ model }, (performance.now() - start) / 1000);
      return outcome;
    });
  }

  async #ended(run: Run, status: RunStatus, buffer: StepsBuffer): Promise<Departure> {
    await buffer.flush();
    if (this.#wishes.gone) return this.#gone();
    const { manifest, frame } = await withCrashRetry(this.#crashes, () => run.result(status));
    const embedding = await embeddingOf(this.#desk, run.plan, frame, this.#log);
    const score = this.#score;
    return {
      kind: 'ended',
      end: { status, manifest, ...(score !== undefined && { score }), ...(embedding && { embedding }) },
    };
  }

  /** A pause may have been taken back since it was heard of. */
  async #stillPaused(): Promise<boolean> {
    const { run, lease } = this.#claim;
    const { database, limits } = this.#desk;
    if (this.#wishes.gone) return false;
    const renewed = await patiently(limits, () => renewLease(database, run.id, lease.fence, limits.leaseSeconds));
    this.#wishes.pause(renewed.pauseRequested);
    return renewed.pauseRequested;
  }

  #failed(error: unknown): Departure {
    if (error instanceof FencedError) this.#fenced();
    else if (isPassing(error)) this.#wishes.add({ kind: 'lost', error });
    if (this.#wishes.gone) return this.#gone();
    const { failure, expected } = failureOf(error);
    if (expected) this.#log.warn({ code: failure.code }, 'the run cannot go on');
    else this.#log.error({ err: error }, 'the run failed for a reason of ours');
    return { kind: 'ended', end: { status: 'failed', error: failure } };
  }

  #gone(): Departure {
    const { now } = this.#wishes;
    if (now.kind !== 'lost') return { kind: 'fenced' };
    this.#log.error({ err: now.error }, 'the run was let go; its lease will run out');
    return { kind: 'lost' };
  }

  #fenced(): void {
    this.#wishes.add({ kind: 'fenced' });
    this.#frames.stop();
  }

  #crashed(error: EngineCrashedError): void {
    this.#desk.metrics.engineCrashes.inc();
    this.#log.warn({ err: error }, 'the engine process died under the run');
  }

  #report(departure: Departure, seconds: number): void {
    const ending = departure.kind === 'ended' ? departure.end.status : departure.kind;
    this.#desk.metrics.runs.inc({ ending });
    this.#log.info({ ending, steps: this.#nextStep, seconds: Number(seconds.toFixed(2)) }, 'run left');
  }
}

/** Whether the trouble is with the database or this worker, and not with the run: another worker may finish it. */
function isPassing(error: unknown): boolean {
  if (error instanceof RuntimeClosedError) return true;
  return error instanceof DatabaseError && (error.code === 'UNAVAILABLE' || error.code === 'INTERNAL');
}
