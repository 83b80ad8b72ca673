// Affine maps on rows, and 1x1 convolutions as such maps.
import { f, numElements, type Value } from '@tessera/graph';
import type { Parameters } from '../parameters.ts';

/** x W' + b on matrices [rows, in] with a torch weight [out, in]. One Gemm: the fast form on every provider. */
export function linear(p: Parameters, x: Value, out: number, options: { bias?: boolean } = {}): Value {
  return product(p, 'weight', x, options.bias === false ? { out } : { out, bias: p.get('bias', [out]) });
}

/** x W' + bias for the weight `name` [out, in], in int8 where the parameters have it so. */
export function product(p: Parameters, name: string, x: Value, { out, bias }: { out: number; bias?: Value }): Value {
  const shape = [out, x.shape[1]!] as const;
  const int8 = p.int8(name, shape);
  if (!int8) return f.gemm(x, p.get(name, shape), { transB: true, ...(bias && { c: bias }) });
  const y = f.dynamicQuantizeMatMul(x, int8.forward, int8.backward);
  return bias ? f.add(y, bias) : y;
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
