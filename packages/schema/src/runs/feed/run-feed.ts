// Everything that happens in a run, for one subscriber: stored steps after the last one it has, then live, without a seam.
import type { Delivery, LiveSubscription } from '@tessera/bus';
import type { Run } from '@tessera/db';
import {
  type FrameMessage,
  isEnding,
  type RunFailure,
  type RunStatus,
  type StepRecord,
  seqOfStep,
} from '@tessera/protocol';
import { type RunDelivery, readRunDelivery, WireFormatError } from '@tessera/wire';
import { SchemaError } from '../../errors.ts';
import { type FrameWanted, type LiveFrame, liveFrame } from './frames.ts';
import { Inbox } from './inbox.ts';
import { leaveAtOnce } from './leave-at-once.ts';
import type { Replay, ReplaySize } from './replay.ts';
import type { RunWatch } from './run-watch.ts';

export type RunFeedEvent =
  | { readonly type: 'step'; readonly run: Run; readonly seq: number; readonly record: StepRecord }
  | { readonly type: 'frame'; readonly run: Run; readonly seq: number; readonly frame: LiveFrame }
  | {
      readonly type: 'status';
      readonly run: Run;
      readonly seq: number;
      readonly status: RunStatus;
      readonly error: RunFailure | null;
    }
  /** Steps `from` to `to` (seq, both included) can no longer be replayed. */
  | { readonly type: 'gap'; readonly run: Run; readonly seq: number; readonly from: number; readonly to: number };

export interface RunFeedOptions {
  readonly run: Run;
  /** `seq` of the last step that the subscriber has; 0: none. */
  readonly after: number;
  /** Absent: no pictures. */
  readonly frames?: FrameWanted & {
    readonly maxFps: number;
    /** Only steps whose number is a multiple, and the last one. */
    readonly every: number;
  };
  readonly subscription: LiveSubscription;
  readonly replay: Replay;
  readonly replaySize: ReplaySize;
  readonly watch: RunWatch;
  /** The picture after a stored step; undefined where nobody can decode it now. */
  readonly render: (run: Run, step: number, wanted: FrameWanted) => Promise<LiveFrame | undefined>;
}

/** After so long without news the database is asked: a message that got lost must not leave anybody waiting for ever. */
const SILENCE_MS = 10_000;
/** How far is read ahead for a newer picture before one is sent: the bus hands out the newest after 64 events at most. */
const LOOK_AHEAD = 80;

/**
 * Steps come in order, each once; every step is stored before it is told, so what is missed live is read. Pictures are the
 * newest, at most `maxFps` a second; a reader that stalls gets none of those in between. Ends after the status that ends the run.
 */
export function runFeed(options: RunFeedOptions): AsyncIterableIterator<RunFeedEvent, undefined> {
  const inbox = new Inbox(options.subscription);
  return leaveAtOnce(new RunFeed(options, inbox).events(), () => inbox.close());
}

class RunFeed {
  readonly #o: RunFeedOptions;
  readonly #inbox: Inbox;
  /** Read ahead while looking for a newer picture. */
  readonly #ahead: Delivery[] = [];
  #run: Run;
  /** The next step that the subscriber needs. */
  #next: number;
  #told: string | undefined;
  #frame: FrameMessage | undefined;
  #frameSeq = 0;
  #frameDue = 0;

  constructor(options: RunFeedOptions, inbox: Inbox) {
    this.#o = options;
    this.#inbox = inbox;
    this.#run = options.run;
    this.#next = options.after;
  }

  async *events(): AsyncGenerator<RunFeedEvent, void> {
    try {
      await this.#o.subscription.ready;
      yield* this.#catchUp();
      yield* this.#look(await this.#o.watch.recent(this.#run));
      if (!this.#over && !('lease' in this.#run.state)) yield* this.#renderLast();
      while (!this.#over && !this.#inbox.closed) yield* this.#turn();
      if (!this.#over && this.#inbox.cut)
        throw new SchemaError('UNAVAILABLE', 'The live channel was closed; subscribe again.');
    } finally {
      this.#inbox.close();
    }
  }

  get #over(): boolean {
    return this.#told !== undefined && isEnding(this.#run.status);
  }

  /** One delivery, one picture that is due, or a look into the database after a silence. */
  async *#turn(): AsyncGenerator<RunFeedEvent, void> {
    const wait = this.#frame ? this.#frameDue - performance.now() : SILENCE_MS;
    if (this.#frame && wait <= 0) return yield* this.#sendFrame();
    const delivery = this.#ahead.shift() ?? (await this.#inbox.take(wait));
    if (delivery) yield* this.#receive(delivery);
    else if (!this.#frame && !this.#inbox.closed) yield* this.#look(await this.#o.watch.recent(this.#run));
  }

  async *#receive(delivery: Delivery): AsyncGenerator<RunFeedEvent, void> {
    const message = read(delivery);
    switch (message?.type) {
      case undefined:
        return;
      case 'step': {
        const { step } = message.step;
        if (step > this.#next) yield* this.#catchUp();
        if (step === this.#next) yield this.#stepEvent(message.step);
        return;
      }
      case 'gap':
        yield* this.#catchUp();
        if (message.to === null) yield* this.#look(await this.#o.watch.now(this.#run));
        return;
      case 'status':
        yield* this.#look(await this.#o.watch.since(message, this.#run));
        return;
      case 'frame':
        this.#keep(message.frame);
        return;
      default:
        message satisfies never;
    }
  }

  #stepEvent(record: StepRecord): RunFeedEvent {
    this.#next = record.step + 1;
    return { type: 'step', run: this.#run, seq: seqOfStep(record.step), record };
  }

  /** Everything that is stored and was not sent. */
  async *#catchUp(): AsyncGenerator<RunFeedEvent, void> {
    for (let end = false; !end && !this.#inbox.closed; ) {
      const chunk = await this.#o.replay.read(this.#run.id, this.#next, this.#o.replaySize);
      if (chunk.firstStep > this.#next) {
        const [from, to] = [seqOfStep(this.#next), chunk.firstStep];
        this.#next = chunk.firstStep;
        yield { type: 'gap', run: this.#run, seq: to, from, to };
      }
      for (const record of chunk.steps) if (record.step >= this.#next) yield this.#stepEvent(record);
      end = chunk.end;
    }
  }

  /** Tells a status that is new, after the steps that were stored before it. */
  async *#look(run: Run): AsyncGenerator<RunFeedEvent, void> {
    this.#run = run;
    if (run.nextStep > this.#next) yield* this.#catchUp();
    const error = run.state.status === 'failed' ? run.state.error : null;
    const status = JSON.stringify([run.status, error]);
    if (status === this.#told) return;
    if (isEnding(run.status)) yield* this.#lastFrame();
    this.#told = status;
    yield { type: 'status', run, seq: this.#next, status: run.status, error };
  }

  #keep(frame: FrameMessage): void {
    const { frames } = this.#o;
    if (!frames) return;
    if ((frame.seq - 1) % frames.every === 0 || frame.seq === this.#run.iterations) this.#frame = frame;
  }

  async *#sendFrame(): AsyncGenerator<RunFeedEvent, void> {
    // The reader may have been away since this one came.
    while (this.#ahead.length < LOOK_AHEAD) {
      const delivery = await this.#inbox.poll();
      if (!delivery) break;
      const message = read(delivery);
      if (message?.type === 'frame') this.#keep(message.frame);
      else this.#ahead.push(delivery);
    }
    const message = this.#frame;
    const { frames } = this.#o;
    this.#frame = undefined;
    if (!message || !frames) return;
    this.#frameSeq = message.seq;
    this.#frameDue = performance.now() + 1_000 / frames.maxFps;
    yield { type: 'frame', run: this.#run, seq: message.seq, frame: await liveFrame(message, frames) };
  }

  /** The picture of the last step, whatever the pace: the one that is waiting, or decoded from the stored tokens. */
  async *#lastFrame(): AsyncGenerator<RunFeedEvent, void> {
    if (this.#frame?.seq === this.#run.nextStep) yield* this.#sendFrame();
    if (this.#frameSeq !== this.#run.nextStep) yield* this.#renderLast();
  }

  async *#renderLast(): AsyncGenerator<RunFeedEvent, void> {
    const { frames, render } = this.#o;
    const seq = this.#run.nextStep;
    if (!frames || seq === 0) return;
    const frame = await render(this.#run, seq - 1, frames);
    if (!frame) return;
    this.#frameSeq = seq;
    yield { type: 'frame', run: this.#run, seq, frame };
  }
}

/** Bytes that cannot be read are a gap: the database has what they meant. */
function read(delivery: Delivery): RunDelivery | undefined {
  try {
    return readRunDelivery(delivery);
  } catch (error) {
    if (error instanceof WireFormatError) return { type: 'gap', from: 0, to: null };
    throw error;
  }
}
