// One download or check of a model: how far it is, and how it ended.
import { ModelError } from '../errors.ts';
import { ByteRate } from './byte-rate.ts';
import type { PullProgress } from './pull.ts';
import type { FileReport, VerifyReport } from './verify.ts';

export type ModelTaskKind = 'download' | 'verify';

/** `verifying` is a part of a download, and all of a check. The last three are ends. */
export type ModelTaskState = 'waiting' | 'downloading' | 'verifying' | 'done' | 'failed' | 'cancelled';

/** As it is at one moment. */
export interface ModelTask {
  readonly model: string;
  readonly kind: ModelTaskKind;
  readonly state: ModelTaskState;
  /** File at work. */
  readonly file: string | null;
  /** Bytes on disk, or hashed so far by a check. */
  readonly received: number;
  /** Bytes in all; what the registry expects until the hub or the disk has told. */
  readonly total: number;
  /** Over the last few seconds; null while nothing can be said. */
  readonly bytesPerSecond: number | null;
  /** Why it failed; `code` is a ModelErrorCode, or INTERNAL. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** What a check found, once it is done. */
  readonly report: { readonly ok: boolean; readonly files: readonly FileReport[] } | null;
}

export const isOver = ({ state }: Pick<ModelTask, 'state'>): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled';

/** What a task does when its turn comes; it tells how far it is. */
export type ModelWork = (progress: TaskProgress, signal: AbortSignal) => Promise<VerifyReport | undefined>;

export class TaskProgress {
  readonly #rate = new ByteRate();
  #task: ModelTask;

  /** `at`: bytes that are known to be there, and in all, before it has begun. */
  constructor(model: string, kind: ModelTaskKind, at: Pick<ModelTask, 'received' | 'total'>) {
    const nothing = { file: null, bytesPerSecond: null, failure: null, report: null };
    this.#task = { model, kind, state: 'waiting', ...at, ...nothing };
  }

  get task(): ModelTask {
    const { state, received } = this.#task;
    const moving = state === 'downloading' || state === 'verifying';
    return { ...this.#task, bytesPerSecond: moving ? this.#rate.perSecond(performance.now(), received) : null };
  }

  enter(state: 'downloading' | 'verifying'): void {
    if (this.#task.state === state) return;
    this.#rate.restart();
    this.#task = { ...this.#task, state };
  }

  at({ file, received, total }: PullProgress): void {
    this.#task = { ...this.#task, file, received, total };
    this.#rate.add(performance.now(), received);
  }

  /** A download hashes a file: its bytes stay what they are. */
  check(file: string): void {
    this.enter('verifying');
    this.#task = { ...this.#task, file };
  }

  done(report: VerifyReport | undefined): void {
    const { total } = this.#task;
    this.#task = { ...this.#task, state: 'done', received: total, file: null, report: report ?? null };
  }

  cancelled(): void {
    this.#task = { ...this.#task, state: 'cancelled' };
  }

  failed(error: unknown): void {
    const failure =
      error instanceof ModelError
        ? { code: error.code, message: error.message }
        : { code: 'INTERNAL', message: 'it failed for a reason that nobody foresaw: the log of the server has it' };
    this.#task = { ...this.#task, state: 'failed', failure };
  }
}
