// The calls of a process that wait for their answers: each is settled once, by an answer, its timer, its signal or the end.
import { BusClosedError } from '../errors.ts';
import type { Answer } from './answer.ts';
import { CallFailedError, CallTimeoutError } from './errors.ts';

interface Pending {
  resolve(data: Uint8Array): void;
  reject(reason: unknown): void;
}

export interface NewCall {
  readonly id: string;
  readonly service: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Takes the request back, when the caller gives up. */
  readonly withdraw: () => void;
}

export class PendingCalls {
  readonly #calls = new Map<string, Pending>();

  get size(): number {
    return this.#calls.size;
  }

  /** Rejects when the time is over, the signal is aborted or `fail` is called. */
  open({ id, service, timeoutMs, signal, withdraw }: NewCall): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.#calls.delete(id);
      };
      const giveUp = (reason: unknown) => {
        this.fail(id, reason);
        withdraw();
      };
      const abort = () => giveUp(signal?.reason);
      const timer = setTimeout(() => giveUp(new CallTimeoutError(service, timeoutMs)), timeoutMs);
      signal?.addEventListener('abort', abort, { once: true });
      this.#calls.set(id, {
        resolve(data) {
          end();
          resolve(data);
        },
        reject(reason) {
          end();
          reject(reason);
        },
      });
    });
  }

  has(id: string): boolean {
    return this.#calls.has(id);
  }

  /** An answer that nobody waits for any more is dropped. */
  settle(id: string, answer: Answer): void {
    const call = this.#calls.get(id);
    if (answer.type === 'done') call?.resolve(answer.data);
    else call?.reject(new CallFailedError(answer.reason, answer.message));
  }

  fail(id: string, reason: unknown): void {
    this.#calls.get(id)?.reject(reason);
  }

  close(): void {
    for (const id of Array.from(this.#calls.keys())) this.fail(id, new BusClosedError());
  }
}
