// Reads the answers for this process's calls, on a connection of its own, while there are calls that wait.
import type { Redis } from 'ioredis';
import type { BusLimits } from '../limits.ts';
import type { Answer } from './answer.ts';
import { Backoff } from './backoff.ts';

export interface AnswerReaderOptions {
  readonly commands: Redis;
  readonly blocking: Redis;
  readonly limits: BusLimits;
  /** The stream. */
  readonly key: string;
  /** Whether any call waits. */
  readonly wanted: () => boolean;
  readonly onAnswer: (id: string, answer: Answer) => void;
}

type Reply = [key: Buffer, entries: [id: Buffer, fields: Buffer[]][]][] | null;

/** Answers in one read: bounds the memory of a reply together with `callBytes`. */
const AT_ONCE = 8;

export class AnswerReader {
  readonly #o: AnswerReaderOptions;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #unpark: () => void = () => {};

  constructor(options: AnswerReaderOptions) {
    this.#o = options;
    this.#done = this.#loop();
  }

  /** A call waits from now on. */
  wake(): void {
    this.#unpark();
  }

  async #loop(): Promise<void> {
    const { signal } = this.#abort;
    const { limits, blocking, key } = this.#o;
    const backoff = new Backoff(limits.retryMs, signal);
    let from = '0-0';
    while (!signal.aborted) {
      if (!this.#o.wanted()) await this.#park(signal);
      if (signal.aborted) return;
      try {
        const options = ['COUNT', AT_ONCE, 'BLOCK', limits.blockMs, 'STREAMS', key, from];
        const reply = (await blocking.callBuffer('XREAD', options)) as Reply;
        const entries = reply?.[0]?.[1] ?? [];
        for (const [, fields] of entries) this.#take(fields);
        from = entries.at(-1)?.[0].toString() ?? from;
        this.#remove(entries.map(([id]) => id.toString()));
        backoff.worked();
      } catch {
        // A server that was restored may number from the past; an answer seen twice is dropped.
        from = '0-0';
        await backoff.failed();
      }
    }
  }

  #park(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#unpark = resolve;
      if (signal.aborted || this.#o.wanted()) resolve();
    });
  }

  #take([, id, , type, , data]: Buffer[]): void {
    const answer: Answer =
      type?.toString() === 'done' ? { type: 'done', data: data! } : (JSON.parse(data!.toString()) as Answer);
    this.#o.onAnswer(id!.toString(), answer);
  }

  #remove(ids: string[]): void {
    if (ids.length > 0) this.#o.commands.xdel(this.#o.key, ...ids).catch(() => {});
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.#unpark();
    this.#o.blocking.disconnect();
    await this.#done;
  }
}
