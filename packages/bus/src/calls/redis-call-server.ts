// One server of a service over Redis: takes a request only when it has a free place, so that the others get the rest.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { BusLimits } from '../limits.ts';
import { type Answer, answer } from './answer.ts';
import { Backoff } from './backoff.ts';
import type { CallHandler, CallServer } from './calls.ts';
import { keepMark, type Mark } from './redis-marks.ts';
import { type CallKeys, sendAnswer, type TakenRequest, takeRequest } from './redis-requests.ts';
import { Slots } from './slots.ts';

export interface RedisCallServerOptions {
  readonly commands: Redis;
  /** Its own. */
  readonly blocking: Redis;
  readonly keys: CallKeys;
  readonly limits: BusLimits;
  readonly service: string;
  readonly handler: CallHandler;
  readonly concurrency: number;
  readonly onError: (error: unknown) => void;
  readonly onClose: (self: CallServer) => void;
}

export class RedisCallServer implements CallServer {
  readonly slots: Slots;
  readonly #o: RedisCallServerOptions;
  readonly #stopKey: string;
  readonly #mark: Mark;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #closing: Promise<void> | undefined;

  constructor(options: RedisCallServerOptions) {
    this.#o = options;
    this.slots = new Slots(options.concurrency);
    const id = randomUUID();
    this.#stopKey = options.keys.stop(id);
    this.#mark = keepMark(options.commands, options.keys, options.service, id);
    this.#done = this.#loop();
  }

  async #loop(): Promise<void> {
    const { signal } = this.#abort;
    const { commands, keys, limits } = this.#o;
    const backoff = new Backoff(limits.retryMs, signal);
    while (!signal.aborted) {
      await this.slots.anyFree();
      if (signal.aborted) return;
      try {
        const id = await this.#next();
        const request = id === undefined ? undefined : await takeRequest(commands, keys, id);
        if (id !== undefined && request) this.slots.start(() => this.#handle(id, request));
        backoff.worked();
      } catch {
        await backoff.failed();
      }
    }
  }

  /** Waits for the id of a request; undefined when none came or the server closes. */
  async #next(): Promise<string | undefined> {
    const { blocking, keys, limits, service } = this.#o;
    const popped = await blocking.blpop(this.#stopKey, keys.queue(service), limits.blockMs / 1000);
    return popped === null || popped[0] === this.#stopKey ? undefined : popped[1];
  }

  async #handle(id: string, { payload, leftMs }: TakenRequest): Promise<void> {
    const { handler, limits, onError } = this.#o;
    const until = Date.now() + leftMs;
    await this.#send(id, await answer(handler, payload, leftMs, limits, onError), until);
  }

  /** Again while Redis is away, as long as the caller waits. */
  async #send(id: string, answered: Answer, until: number): Promise<void> {
    const { commands, keys, limits, onError } = this.#o;
    while (Date.now() < until) {
      try {
        await sendAnswer(commands, keys, id, answered, limits);
        return;
      } catch (error) {
        if (Date.now() + limits.retryMs >= until || commands.status === 'end') onError(error);
        if (commands.status === 'end') return;
        await delay(limits.retryMs, undefined, { ref: false });
      }
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { commands, blocking, limits, onClose } = this.#o;
    this.#abort.abort();
    await this.#mark.end();
    // A request that is popped in this moment is still answered: the waiting read is ended by an element, not cut.
    const told = commands.multi().rpush(this.#stopKey, '').pexpire(this.#stopKey, limits.blockMs).exec();
    const patience = told.then(
      () => delay(limits.commandTimeoutMs, undefined, { ref: false }),
      () => {},
    );
    await Promise.race([this.#done, patience]);
    blocking.disconnect();
    await this.#done;
    await this.slots.allDone();
    await commands.del(this.#stopKey).catch(() => {});
    onClose(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
