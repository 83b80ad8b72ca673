// The checked-in probe graph is the graph its comment describes.
import { expect, it } from 'vitest';
import { PROBE_MODEL } from '../src/probe-model.ts';
import { onnx } from './onnx.ts';

it('is MatMul then Add on a 2 x 2 matrix, byte for byte', () => {
  const built = onnx(
    [
      { op: 'MatMul', inputs: ['x', 'x'], output: 'm' },
      { op: 'Add', inputs: ['m', 'x'], output: 'y' },
    ],
    PROBE_MODEL.inputs,
    PROBE_MODEL.outputs,
  );
  expect(Buffer.from(PROBE_MODEL.bytes).toString('hex')).toBe(Buffer.from(built.bytes).toString('hex'));
});
