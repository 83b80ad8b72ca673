// Convolutions and group normalisation of MaskGIT-VQGAN, in the forms that are exact and fast forward and backward.
import { f, type Value } from '@tessera/graph';
import type { Parameters } from '../parameters.ts';

/** 3x3, stride 1, same size. */
export function conv3x3(p: Parameters, x: Value, out: number, options: { bias: boolean }): Value {
  const kernel = p.get('weight', [out, x.shape[1]!, 3, 3]);
  return f.conv(x, kernel, { pads: [1, 1, 1, 1], ...(options.bias && { bias: p.get('bias', [out]) }) });
}

/**
 * 3x3 over a square grid of features that lie in rows, [B * grid * grid, width] to [B * grid * grid, out], as one matrix
 * product: on a small grid with many channels that is faster than a convolution, forward and backward.
 */
export function conv3x3Rows(
  p: Parameters,
  features: Value,
  { batch, grid, out }: { readonly batch: number; readonly grid: number; readonly out: number },
): Value {
  const width = features.shape[1]!;
  const padded = f.pad(f.reshape(features, [batch, grid, grid, width]), [0, 1, 1, 0], [0, 1, 1, 0]);
  const taps = [0, 1, 2].flatMap((y) => [0, 1, 2].map((x) => f.slice(f.slice(padded, 1, y, y + grid), 2, x, x + grid)));
  const around = f.reshape(f.concat(taps, 3), [features.shape[0]!, 9 * width]);
  const kernel = f.reshape(f.transpose(p.get('weight', [out, width, 3, 3]), [0, 2, 3, 1]), [out, 9 * width]);
  return f.gemm(around, kernel, { transB: true, c: p.get('bias', [out]) });
}

export function conv1x1(p: Parameters, x: Value, out: number, options: { bias: boolean }): Value {
  const kernel = p.get('weight', [out, x.shape[1]!, 1, 1]);
  return f.conv(x, kernel, options.bias ? { bias: p.get('bias', [out]) } : {});
}

/**
 * Group normalisation, its statistics always in float32: the square of a half overflows at 256. Means over large groups are
 * taken in two stages over a centred tensor: one long float32 reduction over 262,144 elements loses two digits.
 */
export function groupNorm(p: Parameters, x: Value, groups: number, epsilon: number): Value {
  const [n, c, h, w] = x.shape as [number, number, number, number];
  const grouped = f.cast(f.reshape(x, [n, groups, (c / groups) * h, w]), 'float32');
  const mean = (y: Value) => f.reduceMean(f.reduceMean(y, [3], true), [2], true);
  const centred = f.sub(grouped, mean(grouped));
  const inverse = f.reciprocal(f.sqrt(f.add(mean(f.square(centred)), epsilon)));
  const standardised = f.cast(f.standardize(f.mul(centred, inverse), grouped, inverse, [3, 2]), x.dtype);
  const scale = f.reshape(p.get('weight', [c]), [c, 1, 1]);
  const shift = f.reshape(p.get('bias', [c]), [c, 1, 1]);
  return f.add(f.mul(f.reshape(standardised, x.shape), scale), shift);
}

/**
 * Nearest-neighbour x2 followed by a 3x3 convolution, as four 2x2 convolutions on the small image (one per output
 * parity) and a depth-to-space: each output pixel sees only four distinct inputs, so 16 taps do the work of 36.
 */
export function upsampleConv3x3(p: Parameters, x: Value, out: number): Value {
  const input = x.shape[1]!;
  const kernel = f.reshape(p.get('weight', [out, input, 3, 3]), [out * input, 9]);
  const bias = p.get('bias', [out]);
  const parities = [0, 1].flatMap((row) => [0, 1].map((column) => [row, column] as const));
  const planes = parities.map(([row, column]) => {
    const merge = kernel.graph.constant(mergedTaps(row, column), [9, 4], kernel.dtype);
    const taps = f.reshape(f.matmul(kernel, merge), [out, input, 2, 2]);
    return f.conv(x, taps, { bias, pads: [1 - row, 1 - column, row, column] });
  });
  const [n, , h, w] = x.shape as [number, number, number, number];
  const stacked = f.concat(
    planes.map((y) => f.reshape(y, [n, out, 1, h, w])),
    2,
  );
  return f.depthToSpace(f.reshape(stacked, [n, out * 4, h, w]), 2);
}

/** Which of the 3x3 taps fall on which of the 2x2 inputs, for one parity of the output pixel. */
function mergedTaps(row: number, column: number): number[] {
  const merged = new Array<number>(36).fill(0);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      const [a, b] = [(i + 1 + row) >> 1, (j + 1 + column) >> 1];
      merged[(i * 3 + j) * 4 + (a - row) * 2 + (b - column)] = 1;
    }
  }
  return merged;
}
