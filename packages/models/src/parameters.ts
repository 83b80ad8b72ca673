// The bridge from a checkpoint's tensors, by their published names, to weights of a graph.
import { type FloatDType, f, formatShape, type Graph, type Shape, type Value } from '@tessera/graph';

/** What a graph needs to know of a checkpoint: where each tensor lies in its file. */
export interface TensorSource {
  /** Absolute real path. */
  readonly path: string;
  /** Position and type of a tensor; throws a one-line error when it is missing or of another shape. */
  tensor(
    name: string,
    shape: Shape,
  ): { readonly name: string; readonly dtype: string; readonly offset: number; readonly length: number };
}

const DTYPES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;

/** A scope of parameter names over one graph and one compute type. */
export class Parameters {
  readonly graph: Graph;
  readonly dtype: FloatDType;
  readonly #source: TensorSource;
  readonly #prefix: string;

  constructor(graph: Graph, source: TensorSource, dtype: FloatDType = 'float32', prefix = '') {
    this.graph = graph;
    this.dtype = dtype;
    this.#source = source;
    this.#prefix = prefix;
  }

  scope(name: string): Parameters {
    return new Parameters(this.graph, this.#source, this.dtype, `${this.#prefix}${name}.`);
  }

  /** The same parameters computed in another precision. */
  as(dtype: FloatDType): Parameters {
    return new Parameters(this.graph, this.#source, dtype, this.#prefix);
  }

  /** A weight of the given shape, converted to the compute type in the graph (folded at load). */
  get(name: string, shape: Shape): Value {
    const entry = this.#source.tensor(this.#prefix + name, shape);
    const dtype = DTYPES[entry.dtype as keyof typeof DTYPES];
    if (!dtype) {
      throw new TypeError(
        `${entry.name} ${formatShape(shape)} is stored as ${entry.dtype}; a weight must be F32, F16 or BF16.`,
      );
    }
    const { offset, length } = entry;
    const weight = this.graph.weight({ name: entry.name, file: this.#source.path, offset, length, dtype, shape });
    return f.cast(weight, this.dtype);
  }
}
