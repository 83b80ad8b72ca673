// A reader for the part of onnx.proto that tests look at, written against the wire format and independent of the writer.

type Field = { readonly tag: number; readonly varint: bigint; readonly body: Uint8Array };
type Fields = ReadonlyMap<number, readonly Field[]>;

function fields(bytes: Uint8Array): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<number, Field[]>();
  let at = 0;
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const [tag, wire] = [key >>> 3, key & 7];
    if (wire !== 0 && wire !== 2 && wire !== 5) throw new Error(`wire type ${wire} of field ${tag} is not expected`);
    const number = wire === 5 ? 0n : varint();
    const length = wire === 2 ? Number(number) : wire === 5 ? 4 : 0;
    if (at + length > bytes.length) throw new Error(`field ${tag} runs past its message`);
    const list = found.get(tag) ?? [];
    list.push({ tag, varint: number, body: bytes.subarray(at, at + length) });
    found.set(tag, list);
    at += length;
  }
  return found;
}

const text = new TextDecoder('utf-8', { fatal: true });
const all = (f: Fields, tag: number): readonly Field[] => f.get(tag) ?? [];
const messages = (f: Fields, tag: number): Fields[] => all(f, tag).map((x) => fields(x.body));
const strings = (f: Fields, tag: number): string[] => all(f, tag).map((x) => text.decode(x.body));
const ints = (f: Fields, tag: number): number[] => all(f, tag).map((x) => Number(x.varint));
const string = (f: Fields, tag: number): string => strings(f, tag)[0] ?? '';
const int = (f: Fields, tag: number): number => ints(f, tag)[0] ?? 0;

function attribute(f: Fields): unknown {
  switch (int(f, 20)) {
    case 1: {
      const { body } = all(f, 2)[0]!;
      return { float: new DataView(body.buffer, body.byteOffset).getFloat32(0, true) };
    }
    case 2:
      return { int: int(f, 3) };
    case 3:
      return { string: string(f, 4) };
    case 7:
      return { ints: ints(f, 8) };
    default:
      throw new Error(`attribute ${string(f, 1)} has type ${int(f, 20)}`);
  }
}

function valueInfo(f: Fields) {
  const tensor = messages(messages(f, 2)[0]!, 1)[0]!;
  const dims = messages(messages(tensor, 2)[0]!, 1).map((d) => int(d, 1));
  return { name: string(f, 1), dataType: int(tensor, 1), dims };
}

/** A ModelProto as plain objects. Field numbers: onnx.proto. */
export function readModel(bytes: Uint8Array) {
  const model = fields(bytes);
  const graph = messages(model, 7)[0]!;
  return {
    irVersion: int(model, 1),
    opsets: Object.fromEntries(messages(model, 8).map((o) => [string(o, 1), int(o, 2)])),
    nodes: messages(graph, 1).map((n) => ({
      inputs: strings(n, 1),
      outputs: strings(n, 2),
      name: string(n, 3),
      op: string(n, 4),
      domain: string(n, 7),
      attributes: Object.fromEntries(messages(n, 5).map((a) => [string(a, 1), attribute(a)])),
    })),
    initializers: messages(graph, 5).map((t) => ({
      name: string(t, 8),
      dataType: int(t, 2),
      dims: ints(t, 1),
      bytes: all(t, 9)[0]?.body,
      external: Object.fromEntries(messages(t, 13).map((e) => [string(e, 1), string(e, 2)])),
    })),
    inputs: messages(graph, 11).map(valueInfo),
    outputs: messages(graph, 12).map(valueInfo),
  };
}
