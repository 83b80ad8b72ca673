// Stored steps for subscribers that come back: read in chunks, whole chunks kept a while and shared by all who need them.
import { type Database, type ReplayWindow, replaySteps } from '@tessera/db';
import type { StepRecord } from '@tessera/protocol';
import { LRUCache } from 'lru-cache';

export interface ReplaySize {
  /** Most steps of a chunk. */
  readonly steps: number;
  /** Numbers that the tokens of one step are. */
  readonly numbersPerStep: number;
}

/** About so much is read and sent at once: one step of 512 px pixels is 3 MB. */
const CHUNK_BYTES = 4 * 1024 * 1024;
const KEPT_BYTES = 32 * 1024 * 1024;
/** A storm of subscribers that lost their server comes within seconds. */
const KEPT_MS = 30_000;
/** Metrics, norms and objects of a step beside its tokens. */
const STEP_BYTES = 1_500;

export interface ReplayChunk {
  /** Consecutive, from `firstStep` on. */
  readonly steps: readonly StepRecord[];
  /** The first step that could be read: above the one asked for where retention took some. */
  readonly firstStep: number;
  /** Nothing more was stored when this was read. */
  readonly end: boolean;
}

interface Kept {
  readonly steps: ReplayWindow['steps'];
  readonly bytes: number;
}

/** One per process. */
export class Replay {
  readonly #database: Database;
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
    ttl: KEPT_MS,
  });

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Stored steps from `from` on, not always all of them. Chunks begin at multiples of their size, so that subscribers with
   * different positions read the same. @throws NotFoundError when the run is gone
   */
  async read(runId: string, from: number, size: ReplaySize): Promise<ReplayChunk> {
    const bytesPerStep = STEP_BYTES + 8 * size.numbersPerStep;
    const length = Math.max(1, Math.min(size.steps, Math.floor(CHUNK_BYTES / bytesPerStep)));
    const start = from - (from % length);
    const key = `${runId} ${length} ${start}`;
    const known = this.#kept.get(key);
    if (known) return { steps: since(known.steps, from), firstStep: from, end: false };
    const { steps, firstStep } = await replaySteps(this.#database, runId, start, length);
    const whole = steps.length === length;
    // Only a whole chunk stays as it is.
    if (whole && firstStep === start) this.#kept.set(key, { steps, bytes: length * bytesPerStep });
    return { steps: since(steps, from), firstStep: Math.max(from, firstStep), end: !whole };
  }
}

const since = (steps: readonly StepRecord[], from: number): readonly StepRecord[] =>
  steps.filter(({ step }) => step >= from);
