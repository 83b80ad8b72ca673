// ONNX Runtime in a child process: supervises it, and starts another after a crash.
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineConnection, startEngine } from './child/connection.ts';
import type { EngineStats } from './child/protocol.ts';
import { loadRemoteSession } from './child/remote-session.ts';
import { EngineCrashedError, RuntimeClosedError } from './errors.ts';
import { ENGINE_LIMITS, type EngineLimits } from './limits.ts';
import { loadOptions } from './load-options.ts';
import type { OnnxModel } from './model.ts';
import { probeWith } from './probe.ts';
import type { Availability, ProviderEntry, ProviderName } from './providers/provider.ts';
import type { Runtime, RuntimeOptions } from './runtime.ts';
import { selectWith } from './select.ts';
import { completeOptions, type Session, type SessionOptions } from './session.ts';

export async function openChildRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { deviceId } = completeOptions(loadOptions(options));
  const limits = { ...ENGINE_LIMITS, ...options.limits };
  let engine: EngineConnection | undefined;
  // The process in which the probe succeeds becomes the runtime's first engine: opening costs one start, not two.
  const probe = async (entry: ProviderEntry): Promise<Availability> => {
    const reason = entry.spec.precheck();
    if (reason !== undefined) return { available: false, reason, cure: entry.spec.cure };
    const tried = await startEngine(limits);
    const load = (model: OnnxModel, o: SessionOptions) => loadRemoteSession(tried, entry.name, model, o);
    const found = await probeWith(entry.spec, load, deviceId);
    if (found.available) engine = tried;
    else await tried[Symbol.asyncDispose]();
    return found;
  };
  const { provider, why } = await selectWith(options.provider ?? 'auto', probe);
  return new ChildRuntime(provider.name, why, options, limits, engine!);
}

class ChildRuntime implements Runtime {
  readonly process = 'child';
  readonly provider: ProviderName;
  readonly why: string;
  readonly #options: RuntimeOptions;
  readonly #limits: EngineLimits;
  #engine: EngineConnection;
  /** A restart under way, shared by the loads that wait for it. */
  #restarting: Promise<EngineConnection> | undefined;
  #restarts = 0;
  /** Deaths in a row without a finished run between, `kill()` not counted. */
  #crashes = 0;
  #startFailed = false;
  readonly #closed = new AbortController();

  constructor(
    provider: ProviderName,
    why: string,
    options: RuntimeOptions,
    limits: EngineLimits,
    engine: EngineConnection,
  ) {
    this.provider = provider;
    this.why = why;
    this.#options = options;
    this.#limits = limits;
    this.#engine = engine;
  }

  get restarts(): number {
    return this.#restarts;
  }

  async load(model: OnnxModel, options?: SessionOptions): Promise<Session> {
    const engine = await this.#liveEngine();
    return loadRemoteSession(engine, this.provider, model, loadOptions(this.#options, options));
  }

  async stats(): Promise<EngineStats> {
    this.#checkOpen();
    return this.#engine.request('stats', {});
  }

  async kill(): Promise<void> {
    await this.#restarting?.catch(() => undefined);
    await this.#engine.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    // A restart under way sees the abort and ends its own process.
    await this.#restarting?.catch(() => undefined);
    await this.#engine[Symbol.asyncDispose]();
  }

  async #liveEngine(): Promise<EngineConnection> {
    this.#checkOpen();
    if (this.#engine.fault === undefined) return this.#engine;
    this.#restarting ??= this.#restart().finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  async #restart(): Promise<EngineConnection> {
    const fault = this.#engine.fault;
    if (this.#startFailed || !this.#engine.served) this.#crashes++;
    else this.#crashes = fault instanceof EngineCrashedError && fault.requested ? 0 : 1;
    const { backoffBaseMs, backoffMaxMs } = this.#limits;
    const delay = this.#crashes < 2 ? 0 : Math.min(backoffMaxMs, backoffBaseMs * 2 ** (this.#crashes - 2));
    // Aborted by dispose, which the check below reports.
    if (delay > 0) await sleep(delay, undefined, { signal: this.#closed.signal }).catch(() => undefined);
    this.#checkOpen();
    this.#restarts++;
    this.#startFailed = true;
    const engine = await startEngine(this.#limits);
    this.#startFailed = false;
    if (this.#closed.signal.aborted) await engine[Symbol.asyncDispose]();
    this.#checkOpen();
    this.#engine = engine;
    return engine;
  }

  #checkOpen(): void {
    if (this.#closed.signal.aborted) throw new RuntimeClosedError();
  }
}
