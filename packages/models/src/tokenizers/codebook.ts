// Vector quantisation against a codebook. Source: 1d-tokenizer, modeling/quantizer/quantizer.py.
import { f, type Value } from '@tessera/graph';
import type { Parameters } from '../parameters.ts';
import type { Quantised } from './tokenizer.ts';

/** A codebook [size, channels]; with l2Norm both codes and latents are compared as unit vectors. */
export interface CodebookShape {
  readonly size: number;
  readonly channels: number;
  readonly l2Norm: boolean;
}

function codes(p: Parameters, shape: CodebookShape): Value {
  const table = p.as('float32').get('embedding.weight', [shape.size, shape.channels]);
  return shape.l2Norm ? f.l2Normalize(table) : table;
}

/** Code vectors at indices of any shape. */
export function lookupCodes(p: Parameters, shape: CodebookShape, indices: Value): Value {
  return f.gather(codes(p, shape), indices);
}

/** The nearest code of each latent [B, tokens, channels], the gradient passed straight through (and through the norm). */
export function quantiseToCodebook(p: Parameters, shape: CodebookShape, latents: Value): Quantised {
  const [batch, tokens, channels] = latents.shape as [number, number, number];
  const table = codes(p, shape);
  const z = shape.l2Norm ? f.l2Normalize(latents) : latents;
  // argmin |z - e|^2 = argmax z.e - |e|^2 / 2; for unit vectors the second term is the same for all codes.
  const dots = f.gemm(f.reshape(z, [batch * tokens, channels]), table, { transB: true });
  const scores = shape.l2Norm ? dots : f.sub(dots, f.mul(f.reduceSum(f.square(table), [1]), 0.5));
  const indices = f.reshape(f.argMax(f.stopGradient(scores), 1), [batch, tokens]);
  return { vectors: f.straightThrough(z, f.gather(table, indices)), indices };
}
