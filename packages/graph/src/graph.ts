// A graph under construction: typed inputs, weights, constants and ops, with equal subexpressions shared.
import { DTYPES, type DType, packElements } from './dtype.ts';
import { GraphError, ShapeError } from './errors.ts';
import type { OpAttrs, OpName } from './ops/names.ts';
import { OPS } from './ops/table.ts';
import { formatShape, isLength, numElements, type Shape } from './shape.ts';
import type { Node, Origin, TensorType, Value, WeightRef } from './value.ts';

export class Graph {
  readonly #values: Value[] = [];
  readonly #nodes: Node[] = [];
  readonly #inputs = new Map<string, Value>();
  readonly #known = new Map<string, Value | Node>();

  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  get inputs(): ReadonlyMap<string, Value> {
    return this.#inputs;
  }

  /** A tensor fed at every run. */
  input(name: string, shape: Shape, dtype: DType = 'float32'): Value {
    if (!name) throw new GraphError('An input needs a name: ONNX reads the empty one as an absent input.');
    if (this.#inputs.has(name)) throw new GraphError(`The graph already has an input named ${name}.`);
    const value = this.#value({ dtype, shape }, { kind: 'input', name });
    this.#inputs.set(name, value);
    return value;
  }

  /** A frozen tensor that stays in its file. */
  weight(ref: WeightRef): Value {
    const needed = numElements(ref.shape) * DTYPES[ref.dtype].bytes;
    if (ref.length !== needed) {
      throw new ShapeError(
        'weight',
        `${ref.name} has ${ref.length} bytes, ${ref.dtype}${formatShape(ref.shape)} takes ${needed}`,
      );
    }
    return this.#shared(`weight ${ref.file} ${ref.offset} ${ref.dtype} ${ref.shape}`, () =>
      this.#value(ref, { kind: 'weight', ref }),
    );
  }

  constant(values: ArrayLike<number>, shape: Shape, dtype: DType = 'float32'): Value {
    if (values.length !== numElements(shape)) {
      throw new ShapeError('constant', `${values.length} values do not fill shape ${formatShape(shape)}`);
    }
    const bytes = packElements(dtype, values);
    const make = () => this.#value({ dtype, shape }, { kind: 'constant', bytes });
    // Small constants recur (axes, scales); comparing large ones would cost more than it saves.
    return bytes.length > 1024 ? make() : this.#shared(`constant ${dtype} ${shape} ${bytes}`, make);
  }

  scalar(value: number, dtype: DType = 'float32'): Value {
    return this.constant([value], [], dtype);
  }

  /** Applies an op; throws ShapeError when its shape rule refuses the inputs. */
  op<K extends OpName>(op: K, inputs: readonly Value[], attrs: OpAttrs[K]): readonly Value[] {
    for (const input of inputs) {
      if (input.graph !== this) throw new GraphError(`${op}: an input belongs to another graph.`);
    }
    // Numbers as text: JSON alone writes infinities and NaN alike.
    const facts = JSON.stringify(attrs, (_, v: unknown) => (typeof v === 'number' ? `${v}` : v));
    const key = `${op} ${inputs.map((v) => v.id)} ${facts}`;
    const node = this.#shared(key, () => {
      const types = OPS[op].infer(inputs, attrs);
      const outputs: Value[] = [];
      const made: Node = { id: this.#nodes.length, op, attrs, inputs: [...inputs], outputs };
      types.forEach((type, output) => {
        outputs.push(this.#value(type, { kind: 'op', node: made, output }));
      });
      this.#nodes.push(made);
      return made;
    });
    return node.outputs;
  }

  #value(type: TensorType, origin: Origin): Value {
    if (!type.shape.every(isLength)) {
      throw new ShapeError(
        origin.kind === 'op' ? origin.node.op : origin.kind,
        `shape ${formatShape(type.shape)} is not made of positive whole numbers`,
      );
    }
    const value: Value = { id: this.#values.length, graph: this, dtype: type.dtype, shape: [...type.shape], origin };
    this.#values.push(value);
    return value;
  }

  #shared<T extends Value | Node>(key: string, make: () => T): T {
    const known = this.#known.get(key) as T | undefined;
    if (known) return known;
    const made = make();
    this.#known.set(key, made);
    return made;
  }
}
