// The convolution over rows against ONNX Runtime's own convolution: values, and the gradient by its input.
import { f, Graph, gradients, toOnnx, type Value } from '@tessera/graph';
import { openRuntime, tensor } from '@tessera/runtime';
import { expect, it } from 'vitest';
import { Parameters } from '../../src/index.ts';
import { conv3x3, conv3x3Rows } from '../../src/layers/convolution.ts';

const [BATCH, GRID, WIDTH, OUT] = [2, 4, 6, 5];

/** Weights that are inputs of the graph. */
class Fed extends Parameters {
  override get(name: string, shape: readonly number[]): Value {
    return this.graph.inputs.get(name) ?? this.graph.input(name, shape);
  }
}

const wave = (count: number, rate: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * rate + 1));

it('a 3x3 convolution over rows is the convolution over planes, forward and backward', async () => {
  const graph = new Graph();
  const source = {
    path: '',
    tensor: () => {
      throw new Error('weights are fed');
    },
  };
  const p = new Fed(graph, source);
  const rows = graph.input('rows', [BATCH * GRID * GRID, WIDTH]);
  const planes = f.transpose(f.reshape(rows, [BATCH, GRID, GRID, WIDTH]), [0, 3, 1, 2]);
  const byRows = conv3x3Rows(p, rows, { batch: BATCH, grid: GRID, out: OUT });
  const byPlanes = f.reshape(f.transpose(conv3x3(p, planes, OUT, { bias: true }), [0, 2, 3, 1]), byRows.shape);
  const slope = (y: Value) => gradients(graph, f.reduceSum(f.square(y), [0, 1]), [rows])[0]!;
  const outputs = { byRows, byPlanes, slopeByRows: slope(byRows), slopeByPlanes: slope(byPlanes) };

  await using runtime = await openRuntime({ provider: 'cpu', process: 'inline' });
  await using session = await runtime.load(toOnnx(graph, outputs));
  const found = await session.run({
    rows: tensor('float32', [BATCH * GRID * GRID, WIDTH], wave(BATCH * GRID * GRID * WIDTH, 1.7)),
    weight: tensor('float32', [OUT, WIDTH, 3, 3], wave(OUT * WIDTH * 9, 2.3)),
    bias: tensor('float32', [OUT], wave(OUT, 0.9)),
  });
  const values = (name: keyof typeof outputs) => [...(found[name]!.data as Float32Array)];
  for (const [ours, theirs] of [
    ['byRows', 'byPlanes'],
    ['slopeByRows', 'slopeByPlanes'],
  ] as const) {
    const expected = values(theirs);
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.5);
    values(ours).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 3);
    });
  }
});
