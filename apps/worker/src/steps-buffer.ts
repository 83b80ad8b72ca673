// Steps on their way into the database and then out to the world: stored in batches with the state after them, told once stored.
import type { Checkpoint } from '@tessera/engine';
import type { StepRecord } from '@tessera/protocol';
import type { RecordedStep } from './record.ts';

export interface Batch {
  readonly steps: readonly StepRecord[];
  /** The state after the last of them. */
  readonly checkpoint: Checkpoint;
  readonly steered: readonly { readonly seq: number; readonly step: number }[];
}

export interface StepsBufferOptions {
  /** Most steps that wait; computing waits when there are more. */
  readonly maxSteps: number;
  /** Least time between the beginnings of two writes. */
  readonly intervalMs: number;
  /** Stores a batch. A rejection ends the buffer: it stores nothing more. */
  store(batch: Batch): Promise<void>;
  /** Tells what was stored; gives back what could not be told. Never rejects. */
  tell(steps: readonly StepRecord[]): Promise<readonly StepRecord[]>;
  onError(error: unknown): void;
}

export class StepsBuffer {
  readonly #options: StepsBufferOptions;
  #waiting: RecordedStep[] = [];
  #checkpoint: Checkpoint | undefined;
  #untold: readonly StepRecord[] = [];
  #lastStart = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #broken = false;

  constructor(options: StepsBufferOptions) {
    this.#options = options;
  }

  /** The first step is written at once, later ones when the interval is over. */
  add(step: RecordedStep, checkpoint: Checkpoint): void {
    if (this.#broken) return;
    this.#waiting.push(step);
    this.#checkpoint = checkpoint;
    this.#schedule();
  }

  /** Settles when there is room for another step. Never rejects. */
  async room(): Promise<void> {
    while (!this.#broken && this.#waiting.length >= this.#options.maxSteps) await this.#write();
  }

  /** Settles when everything is stored and told, or cannot be. Never rejects. */
  async flush(): Promise<void> {
    while (!this.#broken && (this.#waiting.length > 0 || this.#writing)) await this.#write();
  }

  /** Forgets what is not stored yet, and waits for a write under way. */
  async stop(): Promise<void> {
    this.#broken = true;
    clearTimeout(this.#timer);
    await this.#writing;
  }

  #schedule(): void {
    if (this.#writing || this.#timer || this.#waiting.length === 0) return;
    const due = this.#lastStart + this.#options.intervalMs - performance.now();
    if (due <= 0 || this.#waiting.length >= this.#options.maxSteps) void this.#write();
    else this.#timer = setTimeout(() => void this.#write(), due);
  }

  /** Joins the write under way, or begins one. */
  #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeBatch().finally(() => {
      this.#writing = undefined;
      if (!this.#broken) this.#schedule();
    });
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#waiting;
    const checkpoint = this.#checkpoint;
    if (batch.length === 0 || !checkpoint) return;
    this.#waiting = [];
    this.#lastStart = performance.now();
    const steps = batch.map(({ record }) => record);
    const steered = batch.flatMap(({ record, applied }) => applied.map((seq) => ({ seq, step: record.step })));
    try {
      await this.#options.store({ steps, checkpoint, steered });
    } catch (error) {
      this.#broken = true;
      this.#options.onError(error);
      return;
    }
    // What is too old to be told again is read from the database: subscribers see a gap.
    this.#untold = await this.#options.tell([...this.#untold, ...steps].slice(-2 * this.#options.maxSteps));
  }
}
