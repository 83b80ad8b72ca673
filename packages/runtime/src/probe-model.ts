// The tiny built-in graph that shows whether a provider really runs: y = x · x + x on a 2 x 2 matrix.
import type { OnnxModel } from './model.ts';
import { type Tensor, tensor } from './tensor.ts';

/**
 * 92 bytes of ONNX: IR version 8, opset 17, graph "probe", nodes MatMul(x, x) -> m and Add(m, x) -> y, input x and output y float32[2,2].
 * `test/probe-model.test.ts` builds the same bytes from that description and compares.
 */
const PROBE_ONNX =
  'CAhCAhAROlQKEQoBeAoBeBIBbSIGTWF0TXVsCg4KAW0KAXgSAXkiA0FkZBIFcHJvYmVaEwoBeBIOCgwIARIICgIIAgoCCAJiEwoBeRIOCgwIARIICgIIAgoCCAI=';

export const PROBE_MODEL: OnnxModel = {
  bytes: Uint8Array.from(Buffer.from(PROBE_ONNX, 'base64')),
  inputs: [{ name: 'x', dtype: 'float32', shape: [2, 2] }],
  outputs: [{ name: 'y', dtype: 'float32', shape: [2, 2] }],
};

export const PROBE_FEEDS = { x: tensor('float32', [2, 2], Float32Array.of(1, 2, 3, 4)) };

/** [1 2; 3 4]² + [1 2; 3 4], exact in every precision from half up. */
const PROBE_ANSWER = [8, 12, 18, 26];

export function isProbeAnswer(outputs: Record<string, Tensor>): boolean {
  const y = outputs.y;
  return y?.dtype === 'float32' && PROBE_ANSWER.every((value, i) => Math.abs(y.data[i]! - value) < 1e-2);
}
