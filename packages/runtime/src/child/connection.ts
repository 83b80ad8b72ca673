// One engine process as seen by its parent: typed requests, and one way for them all to fail when it dies.
import type { ChildProcess } from 'node:child_process';
import { EngineCrashedError, RuntimeClosedError, type RuntimeError } from '../errors.ts';
import type { EngineLimits } from '../limits.ts';
import { launchEngine } from './launch.ts';
import { PROTOCOL_VERSION, type Reply, type Requests, type RequestType } from './protocol.ts';
import { StderrTail } from './stderr-tail.ts';
import { fromWire } from './wire-error.ts';

type State =
  | { kind: 'running' }
  /** We end it; `requested` is a `kill()`, otherwise a graceful close. */
  | { kind: 'ending'; requested: boolean }
  | { kind: 'dead'; error: RuntimeError };

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** ms to wait for the rest of stderr after the process has ended. */
const STDERR_GRACE_MS = 200;

export class EngineConnection {
  readonly #child: ChildProcess;
  readonly #limits: EngineLimits;
  readonly #stderr: StderrTail;
  readonly #pending = new Map<number, Pending>();
  readonly #dead = deferred();
  readonly #hello = deferred();
  #state: State = { kind: 'running' };
  #nextId = 1;
  #served = false;
  #detail: string | undefined;

  constructor(child: ChildProcess, limits: EngineLimits) {
    this.#child = child;
    this.#limits = limits;
    this.#stderr = new StderrTail(child.stderr!, limits);
    child.on('message', (reply: Reply) => this.#receive(reply));
    child.once('error', (error) => {
      this.#detail = error.message;
      if (child.pid === undefined) this.#die(null, null);
    });
    child.once('exit', (code, signal) => this.#drainThenDie(code, signal));
    // A child that hangs up without ending is of no more use.
    child.once('disconnect', () => {
      if (this.#state.kind === 'running') child.kill('SIGKILL');
    });
    this.#holdParent();
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** The error that every further call gets, once the process has ended. */
  get fault(): RuntimeError | undefined {
    return this.#state.kind === 'dead' ? this.#state.error : undefined;
  }

  /** True once a run has succeeded: a crash after that is not a crash loop. */
  get served(): boolean {
    return this.#served;
  }

  /** @throws EngineCrashedError when the process ends or says nothing in time */
  async start(): Promise<this> {
    const timer = setTimeout(() => {
      this.#detail = `it did not start within ${this.#limits.startTimeoutMs} ms`;
      this.#child.kill('SIGKILL');
    }, this.#limits.startTimeoutMs);
    try {
      await Promise.race([this.#hello.promise, this.#dead.promise]);
    } finally {
      clearTimeout(timer);
    }
    if (this.fault !== undefined) throw this.fault;
    this.#holdParent();
    return this;
  }

  /** Sends a request and waits for its reply. Rejects with the error the reply carries, or with `fault` when the process ends first. */
  request<T extends RequestType>(type: T, body: Requests[T]['body']): Promise<Requests[T]['value']> {
    if (this.#state.kind === 'dead') return Promise.reject(this.#state.error);
    if (this.#state.kind === 'ending' && type !== 'close') return this.#refuse();
    const id = this.#nextId++;
    return new Promise<Requests[T]['value']>((resolve, reject) => {
      // The reply with this id answers this request type (rule P4), so its value is of the type's.
      this.#pending.set(id, {
        resolve: (value) => {
          this.#served ||= type === 'run';
          resolve(value as Requests[T]['value']);
        },
        reject,
      });
      this.#holdParent();
      try {
        // A failed send is followed by 'exit' or 'disconnect', which rejects the call with better facts.
        this.#child.send({ type, id, ...body }, () => undefined);
      } catch (thrown) {
        this.#settle(id)?.reject(thrown);
      }
    });
  }

  /** A call that came while the process was being ended gets the error of its end: after a kill the runtime lives on. */
  async #refuse(): Promise<never> {
    await this.#dead.promise;
    throw this.fault ?? new RuntimeClosedError();
  }

  /** Ends the process at once; resolves when it is gone. Waiting calls get an EngineCrashedError with `requested`. */
  async kill(): Promise<void> {
    if (this.#state.kind === 'dead') return;
    this.#state = { kind: 'ending', requested: true };
    this.#child.kill('SIGKILL');
    await this.#gone();
  }

  /** Lets queued runs finish and sessions be released, for a bounded time, then ends the process. A second call waits for the first. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state.kind === 'running') {
      this.#state = { kind: 'ending', requested: false };
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#limits.closeTimeoutMs);
      void this.#dead.promise.then(() => clearTimeout(timer));
      this.request('close', {}).catch(() => undefined);
    }
    await this.#gone();
  }

  async #gone(): Promise<void> {
    this.#child.ref();
    await this.#dead.promise;
  }

  #receive(reply: Reply): void {
    switch (reply.type) {
      case 'hello':
        if (reply.version === PROTOCOL_VERSION) this.#hello.resolve();
        else {
          this.#detail = `it speaks protocol ${reply.version}, not ${PROTOCOL_VERSION}`;
          this.#child.kill('SIGKILL');
        }
        return;
      case 'done':
        this.#settle(reply.id)?.resolve(reply.value);
        return;
      case 'failed':
        this.#settle(reply.id)?.reject(fromWire(reply.error));
        return;
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    this.#holdParent();
    return pending;
  }

  /** The parent stays alive for the child only while a call waits (rule P13). */
  #holdParent(): void {
    const waiting = this.#pending.size > 0 || this.#state.kind === 'ending';
    const method = waiting ? 'ref' : 'unref';
    this.#child[method]();
    this.#child.channel?.[method]();
    const stderr = this.#child.stderr;
    if (stderr !== null && 'unref' in stderr && typeof stderr.unref === 'function') stderr.unref();
  }

  /** The last lines often arrive after the exit status. */
  #drainThenDie(code: number | null, signal: NodeJS.Signals | null): void {
    const timer = setTimeout(() => this.#die(code, signal), STDERR_GRACE_MS);
    this.#child.once('close', () => {
      clearTimeout(timer);
      this.#die(code, signal);
    });
  }

  #die(exitCode: number | null, signal: NodeJS.Signals | null): void {
    if (this.#state.kind === 'dead') return;
    const graceful = this.#state.kind === 'ending' && !this.#state.requested;
    const error = graceful
      ? new RuntimeClosedError()
      : new EngineCrashedError({
          exitCode,
          signal,
          stderr: this.#stderr.lines,
          requested: this.#state.kind === 'ending',
          ...(this.#detail === undefined ? {} : { detail: this.#detail }),
        });
    this.#state = { kind: 'dead', error };
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of waiting) pending.reject(error);
    this.#child.removeAllListeners('message');
    this.#child.stderr?.destroy();
    this.#dead.resolve();
  }
}

/** @throws EngineCrashedError when the process does not come up */
export function startEngine(limits: EngineLimits): Promise<EngineConnection> {
  return new EngineConnection(launchEngine(), limits).start();
}
