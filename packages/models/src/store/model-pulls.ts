// Downloads and checks of a store's models in the background: begun by id, watched, cancelled, one of a kind after the other.
import { ModelError } from '../errors.ts';
import type { ModelStore } from './model-store.ts';
import { isOver, type ModelTask, type ModelTaskKind, type ModelWork, TaskProgress } from './model-task.ts';
import { requireModel } from './registry.ts';
import { ModelBusyError, ModelEmbeddedError, ModelHereError, ModelIdleError } from './task-errors.ts';

export interface ModelPullsOptions {
  /** Told of failures that are no ModelError: faults of ours. */
  readonly onFault?: (error: unknown, model: string) => void;
}

/** What an unfinished download left on the disk, as far as this process knows: a wrong file is deleted. */
function keptOf(kind: ModelTaskKind, last: ModelTask | undefined): Pick<ModelTask, 'received' | 'total'> | undefined {
  if (kind !== 'download' || last?.kind !== 'download' || last.state === 'done') return undefined;
  if (last.failure?.code === 'HASH_MISMATCH') return undefined;
  return { received: last.received, total: last.total };
}

interface Begun {
  readonly progress: TaskProgress;
  readonly stop: AbortController;
  readonly settled: Promise<void>;
}

/**
 * Downloads wait for one another, since they share one line; so do checks, which share one disk. What was downloaded is kept
 * whatever ends a download, and the next one goes on from there. Of each model the last task is remembered.
 */
export class ModelPulls implements AsyncDisposable {
  readonly #store: ModelStore;
  readonly #onFault: NonNullable<ModelPullsOptions['onFault']>;
  readonly #begun = new Map<string, Begun>();
  readonly #lines: Record<ModelTaskKind, Promise<void>> = { download: Promise.resolve(), verify: Promise.resolve() };
  readonly #closing = new AbortController();

  constructor(store: ModelStore, { onFault = () => {} }: ModelPullsOptions = {}) {
    this.#store = store;
    this.#onFault = onFault;
  }

  /** The last task of each model that had one, the newest last. */
  tasks(): ModelTask[] {
    return Array.from(this.#begun.values(), ({ progress }) => progress.task);
  }

  /**
   * Begins a download, or lets it wait for its turn. `repair`: files that are here are hashed, and replaced where they differ.
   * @throws UnknownModelError, ModelEmbeddedError, ModelHereError, ModelBusyError
   */
  async pull(id: string, { repair = false }: { readonly repair?: boolean } = {}): Promise<ModelTask> {
    const entry = requireModel(id, this.#store.registry);
    if (entry.embedded) throw new ModelEmbeddedError(entry.id);
    const here = await this.#isHere(entry.id);
    if (here && !repair) throw new ModelHereError(entry.id);
    return this.#begin(entry.id, 'download', entry.bytes, async (progress, signal) => {
      progress.enter('downloading');
      await this.#store.pull(entry.id, {
        signal,
        repair,
        onProgress: (at) => {
          progress.enter('downloading');
          progress.at(at);
        },
        onCheck: (file) => progress.check(file),
      });
      return undefined;
    });
  }

  /**
   * Begins to hash the files of a model. Its end is `done` whatever was found: the report says it.
   * @throws UnknownModelError, ModelNotPulledError, ModelBusyError
   */
  async verify(id: string): Promise<ModelTask> {
    const entry = requireModel(id, this.#store.registry);
    await this.#store.path(entry.id);
    return this.#begin(entry.id, 'verify', entry.bytes, async (progress, signal) => {
      progress.enter('verifying');
      return this.#store.verify(entry.id, { signal, onProgress: (at) => progress.at(at) });
    });
  }

  /** Ends what waits or is under way, and returns once it has ended. @throws UnknownModelError, ModelIdleError */
  async cancel(id: string): Promise<ModelTask> {
    const { id: model } = requireModel(id, this.#store.registry);
    const begun = this.#begun.get(model);
    if (!begun || isOver(begun.progress.task)) throw new ModelIdleError(model);
    begun.stop.abort();
    // One that waits does not wait for its turn to be over.
    if (begun.progress.task.state === 'waiting') begun.progress.cancelled();
    else await begun.settled;
    return begun.progress.task;
  }

  /** The last task of a model once it has ended; undefined for one that had none. */
  async settled(model: string): Promise<ModelTask | undefined> {
    const begun = this.#begun.get(model);
    await begun?.settled;
    return begun?.progress.task;
  }

  /** Ends everything and waits for it. What is begun afterwards is cancelled at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all(Object.values(this.#lines));
  }

  async #isHere(id: string): Promise<boolean> {
    return this.#store.path(id).then(
      () => true,
      () => false,
    );
  }

  #begin(model: string, kind: ModelTaskKind, bytes: number, work: ModelWork): ModelTask {
    const last = this.#begun.get(model)?.progress.task;
    if (last && !isOver(last)) throw new ModelBusyError(model, last.kind);
    const progress = new TaskProgress(model, kind, keptOf(kind, last) ?? { received: 0, total: bytes });
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.#closing.signal]);
    const settled = this.#lines[kind].then(() => this.#run(progress, work, signal));
    this.#lines[kind] = settled;
    this.#begun.delete(model);
    this.#begun.set(model, { progress, stop, settled });
    return progress.task;
  }

  async #run(progress: TaskProgress, work: ModelWork, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return progress.cancelled();
    try {
      progress.done(await work(progress, signal));
    } catch (error) {
      if (signal.aborted) return progress.cancelled();
      if (!(error instanceof ModelError)) this.#onFault(error, progress.task.model);
      progress.failed(error);
    }
  }
}
