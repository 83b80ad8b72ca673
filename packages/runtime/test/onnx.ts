// Builds tiny ONNX models byte by byte, so that these tests depend on no other package. Field numbers: onnx.proto.
import type { DType, OnnxModel, TensorInfo } from '../src/index.ts';

const ELEM_TYPE: Record<DType, number> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float16: 10 };

type Bytes = readonly number[];

function varint(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}
const int = (field: number, value: number): Bytes => [...varint(field * 8), ...varint(value)];
/** Concatenated without spreading: initialisers can be megabytes. */
const block = (field: number, bytes: Iterable<number>): Bytes => {
  const body = Array.from(bytes);
  return varint(field * 8 + 2).concat(varint(body.length), body);
};
const text = (field: number, value: string): Bytes => block(field, Buffer.from(value));

export interface Node {
  op: string;
  inputs: readonly string[];
  output: string;
  /** Integer attributes. */
  ints?: Readonly<Record<string, number>>;
}

export interface Initializer extends TensorInfo {
  /** Little-endian bytes, or where they lie in a file. */
  data: Uint8Array | { location: string; offset: number; length: number };
}

function node(n: Node): Bytes {
  const attributes = Object.entries(n.ints ?? {}).flatMap(([name, value]) =>
    block(5, [...text(1, name), ...int(3, value), ...int(20, 2)]),
  );
  return [...n.inputs.flatMap((name) => text(1, name)), ...text(2, n.output), ...text(4, n.op), ...attributes];
}

function valueInfo(info: TensorInfo): Bytes {
  const shape = info.shape.flatMap((extent) => block(1, int(1, extent)));
  return [...text(1, info.name), ...block(2, block(1, [...int(1, ELEM_TYPE[info.dtype]), ...block(2, shape)]))];
}

function initializer(i: Initializer): Bytes {
  const head = [...i.shape.flatMap((extent) => int(1, extent)), ...int(2, ELEM_TYPE[i.dtype]), ...text(8, i.name)];
  if (i.data instanceof Uint8Array) return head.concat(block(9, i.data));
  const entries = Object.entries(i.data).flatMap(([key, value]) =>
    block(13, [...text(1, key), ...text(2, String(value))]),
  );
  return [...head, ...entries, ...int(14, 1)];
}

export function onnx(
  nodes: readonly Node[],
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  initializers: readonly Initializer[] = [],
  name = 'probe',
): OnnxModel {
  const graph = [
    ...nodes.flatMap((n) => block(1, node(n))),
    ...text(2, name),
    ...inputs.flatMap((i) => block(11, valueInfo(i))),
    ...outputs.flatMap((o) => block(12, valueInfo(o))),
  ].concat(...initializers.map((i) => block(5, initializer(i))));
  return { bytes: Uint8Array.from([...int(1, 8), ...block(8, int(2, 17))].concat(block(7, graph))), inputs, outputs };
}
