// Affine maps on rows, and 1x1 convolutions as such maps.
import { f, numElements, type Value } from '@tessera/graph';
import type { Parameters } from '../parameters.ts';

/** x W' + b on matrices [rows, in] with a torch weight [out, in]. One Gemm: the fast form on every provider. */
export function linear(p: Parameters, x: Value, out: number, options: { bias?: boolean } = {}): Value {
  const weight = p.get('weight', [out, x.shape[1]!]);
  return f.gemm(x, weight, { transB: true, ...(options.bias !== false && { c: p.get('bias', [out]) }) });
}

/** A 1x1 convolution [out, in, 1, 1] on rows of channels [rows, in]. */
export function pointwise(p: Parameters, x: Value, out: number): Value {
  const weight = f.reshape(p.get('weight', [out, x.shape[1]!, 1, 1]), [out, x.shape[1]!]);
  return f.gemm(x, weight, { transB: true, c: p.get('bias', [out]) });
}

/** [..., width] to [rows, width]. */
export function rows(x: Value): Value {
  const width = x.shape.at(-1)!;
  return f.reshape(x, [numElements(x.shape) / width, width]);
}

export function layerNorm(p: Parameters, x: Value, epsilon: number): Value {
  const width = x.shape.at(-1)!;
  return f.layerNormalization(x, p.get('weight', [width]), p.get('bias', [width]), epsilon);
}
