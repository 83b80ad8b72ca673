// What the database thread and its owner say to each other.

export interface WorkerOptions {
  /** Folder of the database; absent: in memory. */
  readonly folder?: string;
  /** Unix socket to serve on; absent: nothing is served (a restore). */
  readonly socket?: string;
  /** A data directory as a tar archive to begin with. */
  readonly archive?: Uint8Array;
}

export type WorkerRequest = { readonly id: number; readonly type: 'dump' | 'close' };

export type WorkerMessage =
  | { readonly type: 'ready'; readonly migrations: readonly string[] }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'answer'; readonly id: number; readonly bytes?: Uint8Array }
  | { readonly type: 'refused'; readonly id: number; readonly message: string };
