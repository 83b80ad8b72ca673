// Images to rows of patches and back. Matrix products beat strided convolutions, above all in the backward pass.
import { f, type Value } from '@tessera/graph';
import type { Parameters } from '../parameters.ts';

/** NCHW to [N * patches, C * patch * patch], in the element order of a convolution kernel. */
function unfold(image: Value, patch: number): Value {
  const [n, c, h, w] = image.shape as [number, number, number, number];
  const [gh, gw] = [h / patch, w / patch];
  const parted = f.transpose(f.reshape(image, [n, c, gh, patch, gw, patch]), [0, 2, 4, 1, 3, 5]);
  return f.reshape(parted, [n * gh * gw, c * patch * patch]);
}

/** A convolution with kernel = stride = `patch`: NCHW to [N, patches, width]. */
export function patchEmbedding(
  p: Parameters,
  image: Value,
  patch: number,
  width: number,
  options: { bias: boolean },
): Value {
  const [n, c] = image.shape as [number, number];
  const kernel = f.reshape(p.get('weight', [width, c, patch, patch]), [width, c * patch * patch]);
  const embedded = f.gemm(unfold(image, patch), kernel, {
    transB: true,
    ...(options.bias && { c: p.get('bias', [width]) }),
  });
  return f.reshape(embedded, [n, embedded.shape[0]! / n, width]);
}

/** 'b (p1 p2 c) h w -> b c (h p1) (w p2)': rows [B * grid * grid, patch * patch * C] to NCHW. */
export function foldPatches(x: Value, batch: number, grid: number, patch: number, channels: number): Value {
  const parted = f.transpose(f.reshape(x, [batch, grid, grid, patch, patch, channels]), [0, 5, 1, 3, 2, 4]);
  return f.reshape(parted, [batch, channels, grid * patch, grid * patch]);
}

/** (image - mean) / std per channel, for an image in 0..1. */
export function normalise(image: Value, { mean, std }: { mean: readonly number[]; std: readonly number[] }): Value {
  const { graph, dtype } = image;
  const scale = graph.constant(
    std.map((s) => 1 / s),
    [3, 1, 1],
    dtype,
  );
  const shift = graph.constant(
    mean.map((m, i) => -m / std[i]!),
    [3, 1, 1],
    dtype,
  );
  return f.add(f.mul(image, scale), shift);
}
