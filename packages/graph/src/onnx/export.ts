// A graph's outputs as one ONNX model: only what they need is written; weights stay where they are on disk.
import { isAbsolute } from 'node:path';
import { DTYPES, type DType, packElements } from '../dtype.ts';
import { GraphError } from '../errors.ts';
import type { Graph } from '../graph.ts';
import type { OpName } from '../ops/names.ts';
import type { OnnxForm } from '../ops/row.ts';
import { OPS } from '../ops/table.ts';
import { typecheck } from '../typecheck.ts';
import type { Node, TensorType, Value } from '../value.ts';
import { encodeModel, type NodeProto, type TensorProto, type ValueInfoProto } from './proto.ts';

/** Element types that tensors outside a graph can have. */
export type ExternalDType = Exclude<DType, 'int8' | 'bfloat16'>;

export interface TensorInfo extends TensorType {
  readonly name: string;
  readonly dtype: ExternalDType;
}

/** A serialised model and the names and types of what goes in and out. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Bytes of the weights it refers to. */
  readonly weightBytes: number;
}

/** LayerNormalization came with opset 17; in 18 the axes of reductions moved, which older WebGPU kernels lack. */
const OPSETS = { '': 17, 'com.microsoft': 1 };

/**
 * Serialises what `outputs` depend on; inputs of the graph that they do not read are left out.
 * @throws TypecheckError when the graph is inconsistent, GraphError for names or types that ONNX Runtime would refuse.
 */
export function toOnnx(graph: Graph, outputs: Readonly<Record<string, Value>>): OnnxModel {
  typecheck(graph);
  return new Exporter().export(graph, outputs);
}

class Exporter {
  readonly #names = new Map<number, string>();
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: TensorInfo[] = [];
  readonly #extra = new Map<string, string>();
  readonly #reserved = new Set<string>();

  export(graph: Graph, outputs: Readonly<Record<string, Value>>): OnnxModel {
    const needed = reachable(graph, Object.values(outputs));
    this.#reserve(graph, outputs);
    for (const value of graph.inputs.values()) if (needed.values.has(value.id)) this.#leaf(value);
    for (const node of graph.nodes) {
      if (!needed.nodes.has(node.id)) continue;
      this.#node(node);
    }
    const infos = Object.entries(outputs).map(([name, value]) => {
      this.#leaf(value);
      // Outputs get their public names from a copy: a value may be output twice, or be an input.
      this.#nodes.push({
        op: 'Identity',
        domain: '',
        name: `output ${name}`,
        inputs: [this.#name(value)],
        outputs: [name],
        attributes: {},
      });
      return publicInfo(name, value);
    });
    const proto = {
      name: 'tessera',
      nodes: this.#nodes,
      initializers: this.#initializers,
      inputs: this.#inputs.map(info),
      outputs: infos.map(info),
    };
    const weightBytes = this.#initializers.reduce(
      (sum, { data }) => sum + (data instanceof Uint8Array ? 0 : data.length),
      0,
    );
    return { bytes: encodeModel(proto, OPSETS), inputs: this.#inputs, outputs: infos, weightBytes };
  }

  /** Inputs and outputs share one namespace in ONNX; inner values must keep out of it. */
  #reserve(graph: Graph, outputs: Readonly<Record<string, Value>>): void {
    for (const name of graph.inputs.keys()) this.#reserved.add(name);
    for (const [name, value] of Object.entries(outputs)) {
      if (value.graph !== graph) throw new GraphError(`The output ${name} belongs to another graph.`);
      if (!name) throw new GraphError('An output needs a name.');
      if (this.#reserved.has(name)) throw new GraphError(`The output ${name} needs another name: an input has it.`);
    }
    for (const name of Object.keys(outputs)) this.#reserved.add(name);
    if (!Object.keys(outputs).length) throw new GraphError('A model needs at least one output.');
  }

  #inner(name: string): string {
    return this.#reserved.has(name) ? this.#inner(`${name}_`) : name;
  }

  #name(value: Value): string {
    const name = this.#names.get(value.id);
    if (name === undefined) throw new GraphError(`Value ${value.id} has no name in the exported model.`);
    return name;
  }

  /** Names inputs, weights and constants on first use. */
  #leaf(value: Value): void {
    const { origin } = value;
    if (this.#names.has(value.id) || origin.kind === 'op') return;
    const name = origin.kind === 'input' ? origin.name : this.#inner(`v${value.id}`);
    this.#names.set(value.id, name);
    if (origin.kind === 'input') {
      this.#inputs.push(publicInfo(name, value));
    } else {
      const data = origin.kind === 'constant' ? origin.bytes : external(origin.ref);
      this.#initializers.push({ name, dataType: DTYPES[value.dtype].onnx, dims: value.shape, data });
    }
  }

  #node<K extends OpName>(node: Node<K>): void {
    const form = formOf(node);
    for (const input of read(node, form)) this.#leaf(input);
    if (form.aliasOf !== undefined) {
      this.#names.set(node.outputs[0]!.id, this.#name(node.inputs[form.aliasOf]!));
      return;
    }
    for (const output of node.outputs) this.#names.set(output.id, this.#inner(`v${output.id}`));
    this.#nodes.push({
      op: form.op,
      domain: form.domain ?? '',
      name: `${node.op}_${node.id}`,
      inputs: [
        ...read(node, form).map((x) => this.#name(x)),
        ...(form.extraInputs ?? []).map((c) => (c ? this.#constant(c) : '')),
      ],
      outputs: node.outputs.map((y) => this.#name(y)),
      attributes: form.attributes ?? {},
    });
  }

  #constant({ dtype, shape, values }: TensorType & { readonly values: readonly number[] }): string {
    const key = `${dtype} ${shape} ${values}`;
    const known = this.#extra.get(key);
    if (known) return known;
    const name = this.#inner(`c${this.#extra.size}`);
    this.#extra.set(key, name);
    this.#initializers.push({ name, dataType: DTYPES[dtype].onnx, dims: shape, data: packElements(dtype, values) });
    return name;
  }
}

function formOf<K extends OpName>(node: Node<K>): OnnxForm {
  return OPS[node.op].lower?.(node.attrs, node.inputs) ?? { op: node.op };
}

/** The inputs that are read at run time: an alias reads only the value it stands for, some ops keep inputs for the gradient. */
function read(node: Node, form: OnnxForm): readonly Value[] {
  return form.aliasOf === undefined ? node.inputs.slice(0, form.reads) : [node.inputs[form.aliasOf]!];
}

function publicInfo(name: string, { dtype, shape }: TensorType): TensorInfo {
  if (dtype === 'int8' || dtype === 'bfloat16')
    throw new GraphError(`${name} is ${dtype}, which cannot be fed or fetched; cast it.`);
  return { name, dtype, shape };
}

const info = (t: TensorInfo): ValueInfoProto => ({ name: t.name, dataType: DTYPES[t.dtype].onnx, dims: t.shape });

/** ONNX Runtime refuses absolute locations, so they are given relative to the root folder. */
function external(ref: { readonly file: string; readonly offset: number; readonly length: number }) {
  if (!isAbsolute(ref.file)) throw new GraphError(`The weight file ${ref.file} must be given by its absolute path.`);
  return { location: ref.file.replace(/^\/+/, ''), offset: ref.offset, length: ref.length };
}

function reachable(graph: Graph, roots: readonly Value[]): { values: Set<number>; nodes: Set<number> } {
  const values = new Set(roots.map((v) => v.id));
  const nodes = new Set<number>();
  for (const node of graph.nodes.slice().reverse()) {
    if (!node.outputs.some((y) => values.has(y.id))) continue;
    nodes.add(node.id);
    for (const x of read(node, formOf(node))) values.add(x.id);
  }
  return { values, nodes };
}
