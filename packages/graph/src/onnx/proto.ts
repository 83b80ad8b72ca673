// The part of onnx.proto that we write, as a protobuf wire encoder. Field numbers: onnx/onnx.proto (IR version 8).

export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] };

export interface NodeProto {
  readonly op: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface TensorProto {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly number[];
  readonly data: Uint8Array | { readonly location: string; readonly offset: number; readonly length: number };
}

export interface ValueInfoProto {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly number[];
}

export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
}

type Field = { readonly tag: number; readonly wire: 0 | 2 | 5; readonly body: Uint8Array };

const text = new TextEncoder();
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

const int = (tag: number, value: number): Field => ({ tag, wire: 0, body: varint(value) });
const bytes = (tag: number, body: Uint8Array): Field => ({ tag, wire: 2, body });
const string = (tag: number, value: string): Field => bytes(tag, text.encode(value));
const float = (tag: number, value: number): Field => ({
  tag,
  wire: 5,
  body: new Uint8Array(Float32Array.of(value).buffer),
});

function message(fields: readonly Field[]): Uint8Array {
  const parts = fields.flatMap(({ tag, wire, body }) => {
    const key = varint((tag << 3) | wire);
    return wire === 2 ? [key, varint(body.length), body] : [key, body];
  });
  return Buffer.concat(parts);
}

function attribute(name: string, value: OnnxAttribute): Uint8Array {
  const head = string(1, name);
  if ('int' in value) return message([head, int(3, value.int), int(20, ATTRIBUTE_TYPE.int)]);
  if ('float' in value) return message([head, float(2, value.float), int(20, ATTRIBUTE_TYPE.float)]);
  if ('string' in value) return message([head, string(4, value.string), int(20, ATTRIBUTE_TYPE.string)]);
  return message([head, ...value.ints.map((n) => int(8, n)), int(20, ATTRIBUTE_TYPE.ints)]);
}

function node(n: NodeProto): Uint8Array {
  return message([
    ...n.inputs.map((name) => string(1, name)),
    ...n.outputs.map((name) => string(2, name)),
    string(3, n.name),
    string(4, n.op),
    ...Object.entries(n.attributes).map(([name, value]) => bytes(5, attribute(name, value))),
    string(7, n.domain),
  ]);
}

function tensor(t: TensorProto): Uint8Array {
  const head = [...t.dims.map((d) => int(1, d)), int(2, t.dataType), string(8, t.name)];
  if (t.data instanceof Uint8Array) return message([...head, bytes(9, t.data)]);
  const external = { location: t.data.location, offset: `${t.data.offset}`, length: `${t.data.length}` };
  const entries = Object.entries(external).map(([key, value]) =>
    bytes(13, message([string(1, key), string(2, value)])),
  );
  return message([...head, ...entries, int(14, 1)]);
}

function valueInfo(v: ValueInfoProto): Uint8Array {
  const shape = message(v.dims.map((d) => bytes(1, message([int(1, d)]))));
  const type = message([bytes(1, message([int(1, v.dataType), bytes(2, shape)]))]);
  return message([string(1, v.name), bytes(2, type)]);
}

/** A serialised ModelProto. `opsets` maps a domain ('' is ONNX's own) to its version. */
export function encodeModel(graph: GraphProto, opsets: Readonly<Record<string, number>>): Uint8Array {
  const body = message([
    ...graph.nodes.map((n) => bytes(1, node(n))),
    string(2, graph.name),
    ...graph.initializers.map((t) => bytes(5, tensor(t))),
    ...graph.inputs.map((v) => bytes(11, valueInfo(v))),
    ...graph.outputs.map((v) => bytes(12, valueInfo(v))),
  ]);
  const imports = Object.entries(opsets).map(([domain, version]) =>
    bytes(8, message([string(1, domain), int(2, version)])),
  );
  return message([int(1, 8), string(2, 'tessera'), bytes(7, body), ...imports]);
}
