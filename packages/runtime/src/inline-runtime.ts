// ONNX Runtime in this process: for tests, scripts and the engine's own measurements.
import type { EngineStats } from './child/protocol.ts';
import { RuntimeClosedError } from './errors.ts';
import { loadOptions } from './load-options.ts';
import type { OnnxModel } from './model.ts';
import { probeInChild, probeWith } from './probe.ts';
import type { Provider, ProviderEntry } from './providers/provider.ts';
import type { Runtime, RuntimeOptions } from './runtime.ts';
import { selectWith } from './select.ts';
import { completeOptions, type Session, type SessionOptions } from './session.ts';
import { processMemory } from './stats.ts';

export async function openInlineRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { deviceId } = completeOptions(loadOptions(options));
  // The CPU provider has no driver that could crash, so it is tried right here and costs no process.
  const probe = (entry: ProviderEntry) =>
    entry.name === 'cpu' ? probeWith(entry.spec, entry.load, deviceId) : probeInChild(entry.spec, deviceId);
  const { provider, why } = await selectWith(options.provider ?? 'auto', probe);
  return new InlineRuntime(provider, why, options);
}

class InlineRuntime implements Runtime {
  readonly process = 'inline';
  readonly restarts = 0;
  readonly why: string;
  readonly #provider: Provider;
  readonly #options: RuntimeOptions;
  readonly #sessions = new Set<Session>();
  #closed = false;

  constructor(provider: Provider, why: string, options: RuntimeOptions) {
    this.#provider = provider;
    this.why = why;
    this.#options = options;
  }

  get provider() {
    return this.#provider.name;
  }

  async load(model: OnnxModel, options?: SessionOptions): Promise<Session> {
    this.#checkOpen();
    const session = await this.#provider.load(model, loadOptions(this.#options, options));
    const dispose = session[Symbol.asyncDispose].bind(session);
    const tracked: Session = {
      inputs: session.inputs,
      outputs: session.outputs,
      run: (feeds) => session.run(feeds),
      [Symbol.asyncDispose]: () => {
        this.#sessions.delete(tracked);
        return dispose();
      },
    };
    if (this.#closed) {
      await dispose();
      throw new RuntimeClosedError();
    }
    this.#sessions.add(tracked);
    return tracked;
  }

  async stats(): Promise<EngineStats> {
    this.#checkOpen();
    return processMemory();
  }

  async kill(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session[Symbol.asyncDispose]()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.kill();
  }

  #checkOpen(): void {
    if (this.#closed) throw new RuntimeClosedError();
  }
}
