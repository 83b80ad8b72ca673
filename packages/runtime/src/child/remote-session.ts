// A session that lives in an engine process.
import { SessionClosedError } from '../errors.ts';
import { checkFeeds } from '../feeds.ts';
import type { OnnxModel, TensorInfo } from '../model.ts';
import type { ProviderName } from '../providers/provider.ts';
import { completeOptions, type Feeds, type Session, type SessionOptions } from '../session.ts';
import type { Tensor } from '../tensor.ts';
import type { EngineConnection } from './connection.ts';

/** Session numbers are the parent's to give (rule P5); unique in this process, so also across engines. */
let lastSession = 0;

/** @throws ModelLoadError, OptionError, EngineCrashedError, RuntimeClosedError */
export async function loadRemoteSession(
  engine: EngineConnection,
  provider: ProviderName,
  model: OnnxModel,
  options?: SessionOptions,
): Promise<Session> {
  const session = ++lastSession;
  const { bytes, inputs, outputs } = model;
  const complete = completeOptions(options);
  await engine.request('load', { session, provider, model: { bytes, inputs, outputs }, options: complete });
  return new RemoteSession(engine, session, model);
}

class RemoteSession implements Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly #engine: EngineConnection;
  readonly #id: number;
  #closing: Promise<void> | undefined;

  constructor(engine: EngineConnection, id: number, model: OnnxModel) {
    this.#engine = engine;
    this.#id = id;
    this.inputs = model.inputs;
    this.outputs = model.outputs;
  }

  async run(feeds: Feeds): Promise<Record<string, Tensor>> {
    if (this.#closing !== undefined) throw new SessionClosedError();
    if (this.#engine.fault !== undefined) throw this.#engine.fault;
    checkFeeds(this.inputs, feeds);
    const sent: Record<string, Tensor> = {};
    for (const [name, t] of Object.entries(feeds))
      sent[name] = { dtype: t.dtype, shape: t.shape, data: t.data } as Tensor;
    const outputs = await this.#engine.request('run', { session: this.#id, feeds: sent });
    const own: Record<string, Tensor> = {};
    for (const [name, t] of Object.entries(outputs)) own[name] = detached(t);
    return own;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // An engine that is gone, or that goes before it answers, has released everything.
    this.#closing ??= this.#engine.request('release', { session: this.#id }).then(
      () => undefined,
      () => undefined,
    );
    return this.#closing;
  }
}

/** Received arrays are views on the whole message; a caller who keeps one small output must not keep them all. */
function detached(t: Tensor): Tensor {
  return t.data.byteLength === t.data.buffer.byteLength ? t : ({ ...t, data: t.data.slice() } as Tensor);
}
