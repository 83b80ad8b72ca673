// The only importer of onnxruntime-node: loads a model in this process and runs it as a `Session`.
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { ModelLoadError, oneLine, RunError, SessionClosedError } from './errors.ts';
import { checkFeeds, sameShape } from './feeds.ts';
import type { OnnxModel, TensorInfo } from './model.ts';
import { completeOptions, type Feeds, type Session, type SessionOptions } from './session.ts';
import { type DType, describeTensor, type Tensor } from './tensor.ts';

type ExecutionProviders = NonNullable<InferenceSession.SessionOptions['executionProviders']>;
type Ort = typeof import('onnxruntime-node');

/** Imported on first use: a process that only drives a child never loads the native library. */
async function importOrt(): Promise<Ort> {
  const ort = await import('onnxruntime-node');
  // Errors reach the caller as exceptions; without this the native side also prints each to stderr in red.
  ort.env.logLevel = 'fatal';
  return ort;
}

/**
 * Loads `model` in this process on the given execution providers, in order of preference.
 * Creation and runs block the thread they are called on: for a server, see `openRuntime` with `process: 'child'`.
 * @throws ModelLoadError when ONNX Runtime refuses the model or its inputs and outputs are not the declared ones
 */
export async function loadOrtSession(
  provider: string,
  executionProviders: ExecutionProviders,
  model: OnnxModel,
  options?: SessionOptions,
): Promise<Session> {
  const o = completeOptions(options);
  const sessionOptions: InferenceSession.SessionOptions = {
    executionProviders,
    intraOpNumThreads: o.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableMemPattern: o.memoryPattern,
    logSeverityLevel: o.logSeverity,
    // Values must be strings. The keys are ONNX Runtime's session configuration entries, nested at their dots.
    extra: {
      session: {
        model_external_initializers_file_folder_path: '/',
        disable_prepacking: o.prepack ? '0' : '1',
        disable_cpu_ep_fallback: o.cpuFallback ? '0' : '1',
      },
    },
  };
  try {
    const ort = await importOrt();
    const native = await ort.InferenceSession.create(model.bytes, sessionOptions);
    const fault =
      interfaceFault('input', model.inputs, native.inputMetadata) ??
      interfaceFault('output', model.outputs, native.outputMetadata);
    if (fault === undefined) return new OrtSession(provider, model, native, ort);
    await native.release();
    throw new Error(fault);
  } catch (thrown) {
    throw new ModelLoadError({ provider, detail: oneLine(thrown) });
  }
}

function interfaceFault(
  kind: 'input' | 'output',
  declared: readonly TensorInfo[],
  actual: readonly InferenceSession.ValueMetadata[],
): string | undefined {
  for (const info of declared) {
    const found = actual.find((value) => value.name === info.name);
    if (found === undefined) return `the declared ${kind} "${info.name}" is not in the graph.`;
    if (!found.isTensor) return `${kind} "${info.name}" is no tensor.`;
    const shape = found.shape.map((extent) => (typeof extent === 'number' ? extent : Number.NaN));
    if (found.type !== info.dtype || !sameShape(shape, info.shape)) {
      return `${kind} "${info.name}" is declared as ${describeTensor(info)} but the graph says ${found.type}[${found.shape.join(',')}].`;
    }
  }
  const extra = actual.find((value) => !declared.some((info) => info.name === value.name));
  return extra === undefined ? undefined : `the graph has an undeclared ${kind} "${extra.name}".`;
}

class OrtSession implements Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly #provider: string;
  readonly #native: InferenceSession;
  readonly #ort: Ort;
  /** Settles when the last queued call has; never rejects. */
  #tail: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(provider: string, model: OnnxModel, native: InferenceSession, ort: Ort) {
    this.#provider = provider;
    this.inputs = model.inputs;
    this.outputs = model.outputs;
    this.#native = native;
    this.#ort = ort;
  }

  async run(feeds: Feeds): Promise<Record<string, Tensor>> {
    if (this.#closing !== undefined) throw new SessionClosedError();
    checkFeeds(this.inputs, feeds);
    const result = this.#tail.then(() => this.#runNow(feeds));
    this.#tail = result.catch(() => undefined);
    return result;
  }

  async #runNow(feeds: Feeds): Promise<Record<string, Tensor>> {
    const given: Record<string, OrtTensor> = {};
    for (const [name, t] of Object.entries(feeds)) given[name] = new this.#ort.Tensor(t.dtype, t.data, t.shape);
    let fetched: InferenceSession.OnnxValueMapType;
    try {
      fetched = await this.#native.run(given);
    } catch (thrown) {
      throw new RunError({ provider: this.#provider, detail: oneLine(thrown) });
    }
    const outputs: Record<string, Tensor> = {};
    for (const info of this.outputs) outputs[info.name] = fromOrt(info, fetched[info.name]!.data);
    return outputs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#tail.then(() => this.#native.release());
    return this.#closing;
  }
}

/** The binding hands out arrays of its own (copied from native memory), so they can be passed on without another copy. */
function fromOrt(info: TensorInfo, data: OrtTensor.DataType): Tensor {
  // Newer Node versions give half precision as a Float16Array; the public face is its bit patterns.
  const array =
    info.dtype === 'float16' && ArrayBuffer.isView(data)
      ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
      : data;
  // The binding's array kind follows from the dtype, which was compared with the declared one at load.
  return { dtype: info.dtype as DType, shape: info.shape, data: array } as Tensor;
}
