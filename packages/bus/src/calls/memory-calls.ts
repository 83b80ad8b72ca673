// Calls inside one process: payloads are handed over by reference.
import { BusClosedError } from '../errors.ts';
import { type BusLimits, busLimitsWith } from '../limits.ts';
import { answer } from './answer.ts';
import type { CallHandler, CallOptions, CallServer, CallStats, Calls, ServeOptions } from './calls.ts';
import { checkCall, checkServe, checkService } from './check-call.ts';
import { CallsFullError } from './errors.ts';
import { PendingCalls } from './pending-calls.ts';
import { Slots } from './slots.ts';

interface Request {
  readonly id: string;
  readonly payload: Uint8Array;
  readonly expires: number;
}

interface Server {
  readonly slots: Slots;
  readonly handle: (request: Request) => Promise<void>;
}

export class MemoryCalls implements Calls {
  readonly #limits: BusLimits;
  readonly #pending = new PendingCalls();
  /** Requests that no server has taken, by service and id, oldest first. */
  readonly #waiting = new Map<string, Map<string, Request>>();
  /** By service; who took a request last comes last. */
  readonly #servers = new Map<string, Set<Server>>();
  readonly #open = new Set<CallServer>();
  #last = 0;
  #closed = false;

  constructor(own: Partial<BusLimits> = {}) {
    this.#limits = busLimitsWith(own);
  }

  async call(service: string, payload: Uint8Array, options: CallOptions = {}): Promise<Uint8Array> {
    const timeoutMs = checkCall(service, payload, options, this.#limits);
    options.signal?.throwIfAborted();
    if (this.#closed) throw new BusClosedError();
    const waiting = this.#waiting.get(service) ?? new Map<string, Request>();
    if (waiting.size >= this.#limits.callsWaiting) throw new CallsFullError(service, this.#limits.callsWaiting);
    this.#last += 1;
    const id = String(this.#last);
    this.#waiting.set(service, waiting.set(id, { id, payload, expires: Date.now() + timeoutMs }));
    const withdraw = () => this.#forget(service, id);
    const answered = this.#pending.open({ id, service, timeoutMs, signal: options.signal, withdraw });
    this.#handOut(service);
    return answered;
  }

  serve(service: string, handler: CallHandler, options: ServeOptions): CallServer {
    checkServe(service, options);
    if (this.#closed) throw new BusClosedError();
    const { concurrency, onError = () => {} } = options;
    const slots = new Slots(concurrency);
    const server: Server = {
      slots,
      handle: async ({ id, payload, expires }) => {
        this.#pending.settle(id, await answer(handler, payload, expires - Date.now(), this.#limits, onError));
      },
    };
    const servers = this.#servers.get(service) ?? new Set<Server>();
    this.#servers.set(service, servers.add(server));
    const close = async () => {
      servers.delete(server);
      if (servers.size === 0 && this.#servers.get(service) === servers) this.#servers.delete(service);
      await slots.allDone();
      this.#open.delete(handle);
    };
    const handle: CallServer = { close, [Symbol.asyncDispose]: close };
    this.#open.add(handle);
    this.#handOut(service);
    return handle;
  }

  async served(service: string): Promise<boolean> {
    checkService(service);
    if (this.#closed) throw new BusClosedError();
    return this.#servers.has(service);
  }

  /** Gives waiting requests to servers with a free place. */
  #handOut(service: string): void {
    const servers = this.#servers.get(service) ?? new Set();
    for (const request of this.#waiting.get(service)?.values() ?? []) {
      const server = Array.from(servers).find(({ slots }) => slots.free);
      if (!server) return;
      servers.delete(server);
      servers.add(server);
      this.#forget(service, request.id);
      server.slots.start(() => server.handle(request));
      void server.slots.anyFree().then(() => this.#handOut(service));
    }
  }

  #forget(service: string, id: string): void {
    const waiting = this.#waiting.get(service);
    if (waiting?.delete(id) && waiting.size === 0) this.#waiting.delete(service);
  }

  stats(): CallStats {
    const servers = Array.from(this.#servers.values(), (set) => Array.from(set)).flat();
    return { calling: this.#pending.size, handling: servers.reduce((sum, { slots }) => sum + slots.size, 0) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all(Array.from(this.#open, (server) => server.close()));
    this.#pending.close();
    this.#waiting.clear();
  }
}
