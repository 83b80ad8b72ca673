// One leased run from its claim to its departure: opened, stepped, given out, and left in one of a few ways.
import { type Claim, DatabaseError, FencedError, renewLease, replaySteps } from '@tessera/db';
import { encodeCheckpoint, type Run, type RunStatus, type StepEvent, type StepOutcome } from '@tessera/engine';
import { ModelError } from '@tessera/models';
import { EngineCrashedError, RuntimeClosedError, RuntimeError } from '@tessera/runtime';
import type { Logger } from 'pino';
import { listen } from './commands.ts';
import { type CrashRetryOptions, withCrashRetry } from './crash-retry.ts';
import type { Desk } from './desk.ts';
import { embeddingOf } from './embedding.ts';
import { failureOf } from './failure.ts';
import type { Lane } from './lanes.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { type Departure, leave } from './leave.ts';
import { openRun } from './open-run.ts';
import { Outbox } from './outbox.ts';
import { recordOf } from './record.ts';
import { patiently } from './retry.ts';
import { SteeringInbox } from './steering-inbox.ts';
import { Wishes } from './wishes.ts';

export class HeldRun {
  readonly #desk: Desk;
  readonly #claim: Claim;
  readonly #log: Logger;
  readonly #wishes = new Wishes();
  readonly #inbox = new SteeringInbox();
  readonly #crashes: CrashRetryOptions;
  #steps: number;
  #score: number | undefined;

  constructor(desk: Desk, claim: Claim) {
    this.#desk = desk;
    this.#claim = claim;
    this.#steps = claim.run.nextStep;
    this.#log = desk.log.child({ run: claim.run.id, fence: claim.lease.fence });
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
    await using keeper = this.#keepLease();
    const listening = listen(this.#desk.bus, run.id, ears.signal, {
      onCancel: () => this.#wishes.add({ kind: 'cancel' }),
      onNews: () => keeper.renewNow(),
    }).catch((error: unknown) => this.#log.error({ err: error }, 'commands only come with the lease'));
    const reached = await this.#work();
    ears.abort();
    await listening;
    signal.removeEventListener('abort', handBack);
    const departure = await leave(this.#desk, run, lease.fence, reached);
    this.#report(departure, (performance.now() - start) / 1000);
    return departure;
  }

  #keepLease(): LeaseKeeper {
    const { run, lease } = this.#claim;
    const { database, limits } = this.#desk;
    const keeper = new LeaseKeeper({
      ...{ database, runId: run.id, fence: lease.fence, log: this.#log },
      leaseSeconds: limits.leaseSeconds,
      renewSeconds: limits.leaseRenewSeconds,
      onRenewed: ({ cancelRequested, pauseRequested, steering }) => {
        if (cancelRequested) this.#wishes.add({ kind: 'cancel' });
        this.#wishes.pause(pauseRequested);
        this.#inbox.take(steering);
      },
      onFenced: () => this.#wishes.add({ kind: 'fenced' }),
    });
    // Changes that were asked for while the run waited.
    keeper.renewNow();
    return keeper;
  }

  async #work(): Promise<Departure> {
    try {
      await this.#tellClaim();
      const run = await withCrashRetry(this.#crashes, () => patiently(this.#desk.limits, () => this.#open()));
      await using outbox = new Outbox({
        ...{ desk: this.#desk, claim: this.#claim, wishes: this.#wishes, log: this.#log },
        checkpointBytes: encodeCheckpoint(run.checkpoint()).length,
      });
      using lane = this.#desk.lanes.join(run);
      try {
        return await this.#drive(run, lane, outbox);
      } finally {
        // Whatever ended it: the steps so far are kept.
        await outbox.flush();
        this.#steps = outbox.nextStep;
      }
    } catch (error) {
      return this.#failed(error);
    }
  }

  #open(): Promise<Run> {
    const { database, engine } = this.#desk;
    const { run, lease } = this.#claim;
    return openRun({ database, engine, run, fence: lease.fence, mailbox: this.#inbox.mailbox });
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

  async #drive(run: Run, lane: Lane, outbox: Outbox): Promise<Departure> {
    for (;;) {
      const { now } = this.#wishes;
      switch (now.kind) {
        case 'go on': {
          if (run.done) return this.#ended(run, 'completed', outbox);
          const stop = await this.#step(run, lane, outbox);
          if (stop) return this.#ended(run, stop, outbox);
          break;
        }
        case 'cancel':
          return this.#ended(run, 'cancelled', outbox);
        case 'pause':
          await outbox.flush();
          if (await this.#stillPaused()) return { kind: 'paused' };
          break;
        case 'hand back':
          await outbox.flush();
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
  async #step(run: Run, lane: Lane, outbox: Outbox): Promise<RunStatus | undefined> {
    const { event, stop } = await this.#stepThroughCrashes(lane);
    this.#score = event.score;
    this.#logRejected(event);
    await outbox.add(recordOf(event, this.#inbox.seqOf), run.checkpoint(), event.frame);
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

  async #ended(run: Run, status: RunStatus, outbox: Outbox): Promise<Departure> {
    await outbox.flush();
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
    if (error instanceof FencedError) this.#wishes.add({ kind: 'fenced' });
    else if (isPassing(error)) this.#wishes.add({ kind: 'lost', error });
    if (this.#wishes.gone) return this.#gone();
    const { failure, expected } = failureOf(error);
    // What is told may leave out where files lie; models and runtimes speak of no prompts.
    const cause = error instanceof ModelError || error instanceof RuntimeError ? { err: error } : {};
    if (expected) this.#log.warn({ code: failure.code, ...cause }, 'the run cannot go on');
    else this.#log.error({ err: error }, 'the run failed for a reason of ours');
    return { kind: 'ended', end: { status: 'failed', error: failure } };
  }

  #gone(): Departure {
    const { now } = this.#wishes;
    if (now.kind !== 'lost') return { kind: 'fenced' };
    this.#log.error({ err: now.error }, 'the run was let go; its lease will run out');
    return { kind: 'lost' };
  }

  #crashed(error: EngineCrashedError): void {
    this.#desk.metrics.engineCrashes.inc();
    this.#log.warn({ err: error }, 'the engine process died under the run');
  }

  #logRejected({ step, rejected }: StepEvent): void {
    for (const { change } of rejected) {
      // Why it was rejected stands in the history of the run; it may quote a prompt.
      this.#log.warn({ step, seq: this.#inbox.seqOf(change) }, 'a live change was rejected');
    }
  }

  #report(departure: Departure, seconds: number): void {
    const ending = departure.kind === 'ended' ? departure.end.status : departure.kind;
    this.#desk.metrics.runs.inc({ ending });
    this.#log.info({ ending, steps: this.#steps, seconds: Number(seconds.toFixed(2)) }, 'run left');
  }
}

/** Whether the trouble is with the database or this worker, and not with the run: another worker may finish it. */
function isPassing(error: unknown): boolean {
  if (error instanceof RuntimeClosedError) return true;
  return error instanceof DatabaseError && (error.code === 'UNAVAILABLE' || error.code === 'INTERNAL');
}
