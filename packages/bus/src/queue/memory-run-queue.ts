// The run queue inside one process.
import type { RunCommand } from '@tessera/protocol';
import { BusClosedError } from '../errors.ts';
import { type BusLimits, busLimitsWith } from '../limits.ts';
import type { LiveChannel } from '../live/live-channel.ts';
import { checkRunId, checkWhole } from '../names.ts';
import { Lanes } from './lanes.ts';
import { receiveCommands, sendCommand } from './run-commands.ts';
import type {
  CommandDelivery,
  CommandOptions,
  ConsumeOptions,
  Consumer,
  HintHandler,
  HintOptions,
  RunQueue,
} from './run-queue.ts';

/** Node's timers hold 2^31 - 1 ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

export class MemoryRunQueue implements RunQueue {
  readonly #limits: BusLimits;
  readonly #live: LiveChannel;
  /** Hints in order of arrival. */
  readonly #waiting = new Set<string>();
  readonly #takers: ((runId: string) => void)[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #consumers = new Set<Consumer>();
  #closed = false;

  constructor(live: LiveChannel, own: Partial<BusLimits> = {}) {
    this.#live = live;
    this.#limits = busLimitsWith(own);
  }

  async hint(runId: string, { delayMs = 0 }: HintOptions = {}): Promise<void> {
    checkRunId(runId);
    checkWhole('delayMs', delayMs, 0);
    if (this.#closed) throw new BusClosedError();
    if (delayMs === 0) return this.#add(runId);
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#add(runId);
      },
      Math.min(delayMs, LONGEST_TIMER),
    ).unref();
    this.#timers.add(timer);
  }

  #add(runId: string): void {
    const taker = this.#takers.shift();
    if (taker) taker(runId);
    else this.#waiting.add(runId);
  }

  #take(signal: AbortSignal): Promise<string | null> {
    for (const runId of this.#waiting) {
      this.#waiting.delete(runId);
      return Promise.resolve(runId);
    }
    return new Promise((resolve) => {
      const give = (runId: string | null) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        resolve(runId);
      };
      const stop = () => {
        this.#takers.splice(this.#takers.indexOf(give), 1);
        give(null);
      };
      const timer = setTimeout(stop, this.#limits.pollMs);
      signal.addEventListener('abort', stop, { once: true });
      this.#takers.push(give);
    });
  }

  consume(handler: HintHandler, options: ConsumeOptions): Consumer {
    if (this.#closed) throw new BusClosedError();
    const consumer: Consumer = new Lanes(
      {
        take: (signal) => this.#take(signal),
        retry: (runId) => this.hint(runId, { delayMs: this.#limits.handlerRetryMs }),
        close: async () => {
          this.#consumers.delete(consumer);
        },
      },
      handler,
      options,
    );
    this.#consumers.add(consumer);
    return consumer;
  }

  signal(runId: string, command: RunCommand): Promise<void> {
    return sendCommand(this.#live, runId, command);
  }

  signals(runId: string, options: CommandOptions = {}): AsyncIterableIterator<CommandDelivery, undefined> {
    return receiveCommands(this.#live, runId, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#consumers, (consumer) => consumer.close()));
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.clear();
  }
}
