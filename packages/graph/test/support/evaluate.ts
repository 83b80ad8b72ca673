// Runs graphs on the real ONNX Runtime, CPU provider; numbers go in and come out as plain arrays.
import * as ort from 'onnxruntime-node';
import { type DType, float16ToFloat32, type Graph, packElements, sameShape, toOnnx, type Value } from './face.ts';

export type Feeds = Readonly<Record<string, ArrayLike<number>>>;
export type Fetched<K extends string> = Readonly<Record<K, number[]>>;

export interface Compiled<K extends string> {
  run(feeds: Feeds): Promise<Fetched<K>>;
  release(): Promise<void>;
}

/** A session over the graph's outputs; weights are found at their absolute paths. */
export async function compile<K extends string>(graph: Graph, outputs: Readonly<Record<K, Value>>) {
  const model = toOnnx(graph, outputs);
  const session = await ort.InferenceSession.create(model.bytes, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { model_external_initializers_file_folder_path: '/' } },
  });
  const compiled: Compiled<K> = {
    async run(feeds) {
      const tensors = Object.fromEntries(
        model.inputs.map(({ name, dtype, shape }) => [name, tensor(dtype, feeds[name] ?? [], shape)]),
      );
      const fetched = await session.run(tensors);
      return Object.fromEntries(
        model.outputs.map(({ name, dtype, shape }) => {
          const found = fetched[name]!;
          // The shape rules are checked against ONNX Runtime by every test that runs a graph.
          if (found.type !== dtype || !sameShape(found.dims, shape)) {
            throw new Error(`${name} came as ${found.type}[${found.dims}], the graph says ${dtype}[${shape}]`);
          }
          return [name, numbers(found)];
        }),
      ) as Fetched<K>;
    },
    release: () => session.release(),
  };
  return compiled;
}

/** One run of a graph. */
export async function evaluate<K extends string>(
  graph: Graph,
  outputs: Readonly<Record<K, Value>>,
  feeds: Feeds = {},
): Promise<Fetched<K>> {
  const compiled = await compile(graph, outputs);
  try {
    return await compiled.run(feeds);
  } finally {
    await compiled.release();
  }
}

function tensor(dtype: DType, values: ArrayLike<number>, shape: readonly number[]): ort.Tensor {
  const bytes = packElements(dtype, values);
  switch (dtype) {
    case 'float32':
      return new ort.Tensor(dtype, new Float32Array(bytes.buffer), shape);
    case 'uint8':
    case 'bool':
      return new ort.Tensor(dtype, bytes, shape);
    case 'int8':
      return new ort.Tensor(dtype, new Int8Array(bytes.buffer), shape);
    case 'int32':
      return new ort.Tensor(dtype, new Int32Array(bytes.buffer), shape);
    case 'int64':
      return new ort.Tensor(dtype, new BigInt64Array(bytes.buffer), shape);
    case 'float16':
      return new ort.Tensor(dtype, new Uint16Array(bytes.buffer), shape);
    case 'bfloat16':
      throw new TypeError('ONNX Runtime for Node takes no bfloat16 tensors.');
  }
}

function numbers(tensor: ort.Tensor): number[] {
  const data = tensor.data as ArrayLike<number | bigint>;
  return Array.from(data, (v) => (tensor.type === 'float16' ? float16ToFloat32(Number(v)) : Number(v)));
}
