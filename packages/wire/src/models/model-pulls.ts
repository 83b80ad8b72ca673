// What the API asks of a store of models beside it: begin, watch and cancel downloads and checks.

/** One download or check of a model, as it is at one moment. */
export interface ModelTask {
  /** Id of the model. */
  readonly model: string;
  readonly kind: 'download' | 'verify';
  /** `verifying` is a part of a download, and all of a check. The last three are ends. */
  readonly state: 'waiting' | 'downloading' | 'verifying' | 'done' | 'failed' | 'cancelled';
  /** File at work. */
  readonly file: string | null;
  /** Bytes on disk, or hashed so far by a check. */
  readonly received: number;
  /** Bytes in all; an estimate until it is known. */
  readonly total: number;
  readonly bytesPerSecond: number | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** What a check found, once it is done. `unknown`: there is no hash to compare with. */
  readonly report: { readonly ok: boolean; readonly files: readonly CheckedFile[] } | null;
}

export interface CheckedFile {
  readonly path: string;
  readonly state: 'ok' | 'changed' | 'missing' | 'unknown';
}

/** Requests are refused with errors that have a `code`: MODEL_UNKNOWN, MODEL_EMBEDDED, MODEL_HERE, MODEL_NOT_PULLED, MODEL_BUSY, MODEL_IDLE. */
export interface ModelPulls {
  /** The last task of each model that had one, the newest last. */
  tasks(): readonly ModelTask[];
  /** Begins a download. `repair`: files that are here are hashed, and replaced where they differ. */
  pull(model: string, options: { readonly repair: boolean }): Promise<ModelTask>;
  /** Begins to hash the files of a model. */
  verify(model: string): Promise<ModelTask>;
  /** Returns once it has ended; what was downloaded is kept. */
  cancel(model: string): Promise<ModelTask>;
  /** The last task of a model once it has ended. */
  settled(model: string): Promise<ModelTask | undefined>;
}
