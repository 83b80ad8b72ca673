// Addresses of the pictures after each step of a run, asked for in chunks and kept: the browser caches what they show.
import { ask } from '../../gql/query.ts';
import { StepPicturesDocument } from './documents.ts';

/** Steps in one question. */
const CHUNK = 64;
/** Runs whose addresses are kept. */
const MOST_RUNS = 200;

class StepPictures {
  readonly #runId: string;
  readonly #size: number;
  readonly #urls = new Map<number, string>();
  readonly #asked = new Map<number, Promise<void>>();

  constructor(runId: string, size: number) {
    this.#runId = runId;
    this.#size = size;
  }

  known(step: number): string | undefined {
    return this.#urls.get(step);
  }

  /** Null where no such step is stored (yet). @throws TroubleError */
  async url(step: number): Promise<string | null> {
    const chunk = Math.floor(step / CHUNK);
    if (!this.#urls.has(step)) {
      const running = this.#asked.get(chunk) ?? this.#load(chunk);
      this.#asked.set(chunk, running);
      // A chunk may be asked for again: the run may have gone on, and an error is not kept.
      await running.finally(() => this.#asked.delete(chunk));
    }
    return this.#urls.get(step) ?? null;
  }

  async #load(chunk: number): Promise<void> {
    const { run } = await ask(StepPicturesDocument, {
      id: this.#runId,
      from: chunk * CHUNK,
      to: chunk * CHUNK + CHUNK - 1,
      size: this.#size,
    });
    for (const { step, picture } of run?.steps ?? []) if (picture) this.#urls.set(step, picture.url);
  }
}

const kept = new Map<string, StepPictures>();

/** `size` in px. */
export function stepPictures(runId: string, size: number): StepPictures {
  const key = `${runId}:${size}`;
  const known = kept.get(key);
  if (known) return known;
  const pictures = new StepPictures(runId, size);
  kept.set(key, pictures);
  if (kept.size > MOST_RUNS) kept.delete(kept.keys().next().value ?? '');
  return pictures;
}
