// The owner's side of the database thread: start it, ask it, close it, and notice when it dies.
import { Worker } from 'node:worker_threads';
import { UnavailableError } from '../errors.ts';
import type { WorkerMessage, WorkerOptions, WorkerRequest } from './messages.ts';

type Settle = { readonly resolve: (bytes: Uint8Array | undefined) => void; readonly reject: (error: Error) => void };

export class DatabaseThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Settle>();
  private nextId = 0;
  private death: UnavailableError | undefined;

  private constructor(worker: Worker) {
    this.worker = worker;
  }

  /** Resolves when the database is open, migrated and served. @throws UnavailableError when it cannot be opened */
  static async start(options: WorkerOptions): Promise<DatabaseThread> {
    // The owner's flags are for the owner: a debugger's port cannot be opened twice.
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: options, execArgv: [] });
    const thread = new DatabaseThread(worker);
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: WorkerMessage) => {
        if (message.type === 'ready') resolve();
        else if (message.type === 'failed') {
          reject(new UnavailableError(`The embedded database cannot be opened: ${message.message}`));
          void worker.terminate();
        } else thread.settle(message);
      });
      worker.on('error', (error) => {
        thread.die(error);
        reject(thread.death);
      });
      worker.on('exit', () => {
        thread.die();
        reject(thread.death);
      });
    });
    return thread;
  }

  private settle(message: Extract<WorkerMessage, { id: number }>): void {
    const settle = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.type === 'answer') settle?.resolve(message.bytes);
    else settle?.reject(new UnavailableError(`The embedded database refused: ${message.message}`));
  }

  private die(cause?: Error): void {
    this.death ??= new UnavailableError('The embedded database has stopped; start Tessera again.', { cause });
    for (const { reject } of this.waiting.values()) reject(this.death);
    this.waiting.clear();
  }

  get alive(): boolean {
    return this.death === undefined;
  }

  private ask(type: WorkerRequest['type']) {
    if (this.death) return Promise.reject(this.death);
    const id = this.nextId++;
    return new Promise<Uint8Array | undefined>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, type } satisfies WorkerRequest);
    });
  }

  /** The whole data directory as a tar archive; other statements wait meanwhile. */
  async dump(): Promise<Uint8Array> {
    return (await this.ask('dump')) ?? new Uint8Array();
  }

  async close(): Promise<void> {
    if (this.alive) await this.ask('close');
    await this.worker.terminate();
  }
}
