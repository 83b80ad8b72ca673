// Weights read in place from a file, at offsets no one aligned.
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from './support/evaluate.ts';
import {
  DTYPES,
  type DType,
  f,
  Graph,
  gradients,
  packElements,
  type Shape,
  toOnnx,
  type Value,
} from './support/face.ts';
import { readModel } from './support/protobuf.ts';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'tessera-weights-')));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file with the bytes behind `offset` bytes of something else, as a weight of `graph`. */
async function weight(graph: Graph, name: string, bytes: Uint8Array, offset: number, dtype: DType, shape: Shape) {
  const file = join(folder, name);
  await writeFile(file, Buffer.concat([Buffer.alloc(offset, 0xa5), bytes, Buffer.alloc(3, 0x5a)]));
  return graph.weight({ name, file, offset, length: bytes.length, dtype, shape });
}

const VALUES = [1, -2, 0.5, 3, -0.25, 8];

/** The upper halves of float32, which is what bfloat16 is. */
const bfloat16 = (values: readonly number[]): Uint8Array =>
  Uint8Array.from(values.flatMap((v) => [...packElements('float32', [v]).subarray(2)]));

describe('weights in place', () => {
  it.each(['float32', 'float16', 'bfloat16'] as const)('%s at every offset from 0 to 9', async (dtype) => {
    const bytes = dtype === 'bfloat16' ? bfloat16(VALUES) : packElements(dtype, VALUES);
    const graph = new Graph();
    const outputs: Record<string, Value> = {};
    for (let offset = 0; offset < 10; offset++) {
      const w = await weight(graph, `${dtype} ${offset}.bin`, bytes, offset, dtype, [2, 3]);
      outputs[`at ${offset}`] = f.cast(w, 'float32');
    }
    const found = await evaluate(graph, outputs);
    for (const name of Object.keys(outputs)) expect(found[name]).toEqual(VALUES);
  });

  it.each(['int64', 'int32', 'int8', 'uint8', 'bool'] as const)('%s', async (dtype) => {
    const graph = new Graph();
    const values = [1, 0, 1];
    const w = await weight(graph, `${dtype}.bin`, packElements(dtype, values), 5, dtype, [3]);
    expect(await evaluate(graph, { y: f.cast(w, 'float32') })).toEqual({ y: values });
  });

  it('serve forward and backward, and are written as references only', async () => {
    const graph = new Graph();
    const x = graph.input('x', [1, 3]);
    const w = await weight(graph, 'matrix.bin', packElements('float32', VALUES), 7, 'float32', [2, 3]);
    const y = f.gemm(x, w, { transB: true });
    const [dx] = gradients(graph, y, [x]) as [Value];
    expect(await evaluate(graph, { y, dx }, { x: [1, 1, 1] })).toEqual({ y: [-0.5, 10.75], dx: [4, -2.25, 8.5] });
    const { initializers } = readModel(toOnnx(graph, { y, dx }).bytes);
    const written = initializers.find((t) => t.external.location)!;
    expect(written.bytes).toBeUndefined();
    expect(written.dims).toEqual([2, 3]);
    expect(written.external).toEqual({
      location: join(folder, 'matrix.bin').slice(1),
      offset: '7',
      length: `${6 * DTYPES.float32.bytes}`,
    });
  });

  it('must be given by an absolute path', () => {
    const graph = new Graph();
    const w = graph.weight({ name: 'w', file: 'w.bin', offset: 0, length: 4, dtype: 'float32', shape: [1] });
    expect(() => toOnnx(graph, { w })).toThrow(/^The weight file w\.bin must be given by its absolute path\.$/);
  });
});
