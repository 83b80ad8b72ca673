// The bridge from a checkpoint's tensors, by their published names, to weights of a graph.
import { type FloatDType, f, type Graph, type Int8Operand, type Shape, type Value } from '@tessera/graph';
import { TensorTypeError } from './checkpoints/errors.ts';

/** A matrix in int8 with a float32 scale per column. */
export interface Int8Matrix {
  readonly shape: readonly [number, number];
  readonly values: Place;
  readonly scales: Place;
}

interface Place {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/** A weight [out, in] rounded once per direction: [in, out] forward with a scale per output, [out, in] backward per input. */
export interface Int8Weight {
  /** Absolute real path of the file they lie in. */
  readonly file: string;
  readonly forward: Int8Matrix;
  readonly backward: Int8Matrix;
}

/** What a graph needs to know of a checkpoint: where each tensor lies in its file. */
export interface TensorSource {
  /** Absolute real path. */
  readonly path: string;
  /** Position and type of a tensor; throws a one-line error when it is missing or of another shape. */
  tensor(
    name: string,
    shape: Shape,
  ): { readonly name: string; readonly dtype: string; readonly offset: number; readonly length: number };
  /** The same for the matrix [out, in] of a linear layer in int8; absent, or undefined, where its product stays float. */
  int8?(name: string, shape: readonly [number, number]): Int8Weight | undefined;
}

/**
 * Least side of a matrix whose product is taken in int8. Narrower ones (the embedding of 12 channels per token) cost little
 * and round what the tokens themselves say.
 */
const LEAST_INT8_SIDE = 64;

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

  /** A weight of the given shape, converted to the compute type in the graph (folded at load). @throws TensorTypeError for integers */
  get(name: string, shape: Shape): Value {
    const entry = this.#source.tensor(this.#prefix + name, shape);
    const dtype = DTYPES[entry.dtype as keyof typeof DTYPES];
    if (!dtype) {
      throw new TensorTypeError(this.#source.path, entry.name, entry.dtype, 'a weight must be F32, F16 or BF16');
    }
    const { offset, length } = entry;
    const weight = this.graph.weight({ name: entry.name, file: this.#source.path, offset, length, dtype, shape });
    return f.cast(weight, this.dtype);
  }

  /** The weight [out, in] as operands of an int8 product and of its gradient, undefined where the product stays float. */
  int8(name: string, shape: readonly [number, number]): { forward: Int8Operand; backward: Int8Operand } | undefined {
    if (this.dtype !== 'float32' || Math.min(...shape) < LEAST_INT8_SIDE) return undefined;
    const weight = this.#source.int8?.(this.#prefix + name, shape);
    if (!weight) return undefined;
    const operand = ({ shape: [rows, columns], values, scales }: Int8Matrix): Int8Operand => ({
      b: this.graph.weight({ ...values, file: weight.file, dtype: 'int8', shape: [rows, columns] }),
      scale: this.graph.weight({ ...scales, file: weight.file, dtype: 'float32', shape: [columns] }),
      zeroPoint: this.graph.constant(new Int8Array(columns), [columns], 'int8'),
    });
    return { forward: operand(weight.forward), backward: operand(weight.backward) };
  }
}
