// Calls over Redis: requests in a list that servers take from, answers in a stream for each calling process.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { BusClosedError, BusUnavailableError } from '../errors.ts';
import { type BusLimits, busLimitsWith } from '../limits.ts';
import {
  blockingConnection,
  commandConnection,
  connectFirst,
  DEFAULT_PREFIX,
  type RedisAddress,
} from '../redis/connect.ts';
import { AnswerReader } from './answer-reader.ts';
import type { CallHandler, CallOptions, CallServer, CallStats, Calls, ServeOptions } from './calls.ts';
import { checkCall, checkServe, checkService } from './check-call.ts';
import { CallsFullError } from './errors.ts';
import { PendingCalls } from './pending-calls.ts';
import { RedisCallServer } from './redis-call-server.ts';
import { isServed } from './redis-marks.ts';
import {
  type CallKeys,
  callKeys,
  type OutgoingRequest,
  requestId,
  sendRequest,
  withdrawRequest,
} from './redis-requests.ts';

export class RedisCalls implements Calls {
  readonly #limits: BusLimits;
  readonly #url: string;
  readonly #keys: CallKeys;
  readonly #commands: Redis;
  readonly #reader: AnswerReader;
  readonly #pending = new PendingCalls();
  readonly #servers = new Set<CallServer & { readonly slots: { readonly size: number } }>();
  /** Names this process as a caller. */
  readonly #id = randomUUID();
  #last = 0;
  #closed = false;

  private constructor(url: string, prefix: string, commands: Redis, limits: BusLimits) {
    this.#limits = limits;
    this.#url = url;
    this.#keys = callKeys(prefix);
    this.#commands = commands;
    this.#reader = new AnswerReader({
      commands,
      blocking: blockingConnection(url, limits),
      limits,
      key: this.#keys.answers(this.#id),
      wanted: () => this.#pending.size > 0,
      onAnswer: (id, answer) => this.#pending.settle(id, answer),
    });
  }

  /** @throws BusUnavailableError if the server cannot be reached */
  static async open({ url, prefix }: RedisAddress, own: Partial<BusLimits> = {}): Promise<RedisCalls> {
    const limits = busLimitsWith(own);
    const commands = commandConnection(url, limits);
    await connectFirst(commands, limits);
    return new RedisCalls(url, prefix ?? DEFAULT_PREFIX, commands, limits);
  }

  async call(service: string, payload: Uint8Array, options: CallOptions = {}): Promise<Uint8Array> {
    const timeoutMs = checkCall(service, payload, options, this.#limits);
    const { signal } = options;
    signal?.throwIfAborted();
    if (this.#closed) throw new BusClosedError();
    this.#last += 1;
    const id = requestId(this.#id, this.#last);
    const withdraw = () => withdrawRequest(this.#commands, this.#keys, service, id);
    const answered = this.#pending.open({ id, service, timeoutMs, signal, withdraw });
    void this.#send({ service, id, payload, timeoutMs });
    this.#reader.wake();
    return answered;
  }

  async #send(request: OutgoingRequest): Promise<void> {
    try {
      if (await sendRequest(this.#commands, this.#keys, request, this.#limits)) return;
      this.#pending.fail(request.id, new CallsFullError(request.service, this.#limits.callsWaiting));
    } catch (error) {
      this.#pending.fail(request.id, new BusUnavailableError(`calling ${request.service}`, error));
    }
  }

  serve(service: string, handler: CallHandler, options: ServeOptions): CallServer {
    checkServe(service, options);
    if (this.#closed) throw new BusClosedError();
    const server = new RedisCallServer({
      commands: this.#commands,
      blocking: blockingConnection(this.#url, this.#limits),
      keys: this.#keys,
      limits: this.#limits,
      service,
      handler,
      concurrency: options.concurrency,
      onError: options.onError ?? (() => {}),
      onClose: () => this.#servers.delete(server),
    });
    this.#servers.add(server);
    return server;
  }

  async served(service: string): Promise<boolean> {
    checkService(service);
    if (this.#closed) throw new BusClosedError();
    try {
      return await isServed(this.#commands, this.#keys, service);
    } catch (error) {
      throw new BusUnavailableError(`asking who serves ${service}`, error);
    }
  }

  stats(): CallStats {
    const handling = Array.from(this.#servers).reduce((sum, { slots }) => sum + slots.size, 0);
    return { calling: this.#pending.size, handling };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#servers, (server) => server.close()));
    this.#pending.close();
    await this.#reader.close();
    await this.#commands.del(this.#keys.answers(this.#id)).catch(() => {});
    this.#commands.disconnect();
  }
}
