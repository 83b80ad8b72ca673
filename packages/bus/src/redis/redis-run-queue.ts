// The run queue on BullMQ. A job is a hint: it is finished as soon as it is taken, so that no lock has to be kept while
// a run computes, and a new hint for a run that is being worked on is not swallowed by its old job.
import type { RunCommand } from '@tessera/protocol';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { BusClosedError, BusUnavailableError } from '../errors.ts';
import { type BusLimits, busLimitsWith } from '../limits.ts';
import type { LiveChannel } from '../live/live-channel.ts';
import { checkRunId, checkWhole } from '../names.ts';
import { Lanes } from '../queue/lanes.ts';
import { receiveCommands, sendCommand } from '../queue/run-commands.ts';
import type {
  CommandDelivery,
  CommandOptions,
  ConsumeOptions,
  Consumer,
  HintHandler,
  HintOptions,
  RunQueue,
} from '../queue/run-queue.ts';
import { commandConnection, connectFirst, type RedisAddress } from './connect.ts';
import { type Hint, HintSource, QUEUE_NAME, queuePrefix } from './hint-source.ts';

export class RedisRunQueue implements RunQueue {
  readonly #limits: BusLimits;
  readonly #live: LiveChannel;
  readonly #address: RedisAddress;
  readonly #redis: Redis;
  readonly #queue: Queue<Hint>;
  readonly #consumers = new Set<Consumer>();
  #closed = false;

  private constructor(address: RedisAddress, redis: Redis, live: LiveChannel, limits: BusLimits) {
    this.#limits = limits;
    this.#live = live;
    this.#address = address;
    this.#redis = redis;
    this.#queue = new Queue<Hint>(QUEUE_NAME, {
      connection: redis,
      prefix: queuePrefix(address),
      skipWaitingForReady: true,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      streams: { events: { maxLen: 100 } },
    });
    this.#queue.on('error', () => {});
  }

  /** @throws BusUnavailableError if the server cannot be reached */
  static async open(address: RedisAddress, live: LiveChannel, own: Partial<BusLimits> = {}): Promise<RedisRunQueue> {
    const limits = busLimitsWith(own);
    const redis = commandConnection(address.url, limits);
    await connectFirst(redis, limits);
    return new RedisRunQueue(address, redis, live, limits);
  }

  async hint(runId: string, { delayMs = 0 }: HintOptions = {}): Promise<void> {
    checkRunId(runId);
    checkWhole('delayMs', delayMs, 0);
    if (this.#closed) throw new BusClosedError();
    // BullMQ ignores a job whose id is there. Delayed hints have ids of their own: one that is due late must not swallow
    // one that is due now.
    const jobId = delayMs === 0 ? `now-${runId}` : `at-${Date.now() + delayMs}-${runId}`;
    try {
      await this.#queue.add('hint', { runId }, { jobId, ...(delayMs > 0 && { delay: delayMs }) });
    } catch (error) {
      throw new BusUnavailableError(`queueing run ${runId}`, error);
    }
  }

  consume(handler: HintHandler, options: ConsumeOptions): Consumer {
    if (this.#closed) throw new BusClosedError();
    const source = new HintSource(this.#address, this.#limits, {
      hint: (runId, hintOptions) => this.hint(runId, hintOptions),
      closed: () => this.#consumers.delete(consumer),
    });
    const consumer: Consumer = new Lanes(source, handler, options);
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
    await this.#queue.close();
    this.#redis.disconnect();
  }
}
