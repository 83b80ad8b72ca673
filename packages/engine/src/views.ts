// The views of an image that an objective sees: random crops with flips, or the whole image, resized bilinearly.
import { f, type Value } from '@tessera/graph';
import type { Crops } from './plan.ts';
import { below, words } from './random.ts';

/** One crop of a square image, in pixels. */
export interface Crop {
  readonly top: number;
  readonly left: number;
  readonly flip: boolean;
}

/** Side of a crop of `side` pixels: 224 of 256 in the paper. */
export function cropSide(side: number, fraction: number): number {
  return Math.max(1, Math.min(side, Math.round(side * fraction)));
}

/** Seeded crops of one step. Source: the reference's RandomCrop and RandomHorizontalFlip. */
export function drawCrops(seed: number, step: number, side: number, crops: Crops): Crop[] {
  const room = side - cropSide(side, crops.fraction) + 1;
  const bits = words(seed, 'crops', step, crops.count * 3);
  return Array.from({ length: crops.count }, (_, k) => ({
    top: below(bits[3 * k]!, room),
    left: below(bits[3 * k + 1]!, room),
    flip: bits[3 * k + 2]! / 2 ** 32 < crops.flip,
  }));
}

/**
 * Where each of `size` output pixels samples one axis: the crop [start, start + length), resized as
 * torch's interpolate(mode="bilinear", align_corners=False) does, clamped to the crop, optionally reversed.
 */
export function samplePositions(start: number, length: number, size: number, flip: boolean): Float32Array {
  const scale = length / size;
  const positions = Float32Array.from({ length: size }, (_, i) => {
    const inside = Math.min(Math.max((i + 0.5) * scale - 0.5, 0), length - 1);
    return start + inside;
  });
  return flip ? positions.reverse() : positions;
}

/** Positions of all views, [views, 2 (rows, columns), size]. `crops` empty means the whole image, once. */
export function viewPositions(crops: readonly Crop[], length: number, size: number): Float32Array {
  const views = crops.length ? crops : [{ top: 0, left: 0, flip: false }];
  const out = new Float32Array(views.length * 2 * size);
  views.forEach(({ top, left, flip }, k) => {
    out.set(samplePositions(top, length, size, false), 2 * k * size);
    out.set(samplePositions(left, length, size, flip), (2 * k + 1) * size);
  });
  return out;
}

/**
 * Images [B, 3, S, S] sampled at `positions` [B, K, 2, size]: views [B * K, 3, size, size].
 * Two matrix products with triangular weights max(0, 1 - |position - pixel|), which are bilinear interpolation:
 * static shapes, exact on whole-pixel crops, and the adjoint is two matrix products as well.
 */
export function sampleViews(image: Value, positions: Value): Value {
  const [batch, channels, height, width] = image.shape as [number, number, number, number];
  const [, views, , size] = positions.shape as [number, number, number, number];
  const [rowPositions, columnPositions] = f.split(positions, 2, [1, 1]);
  const rows = f.reshape(weights(rowPositions!, batch * views * size, height, image), [batch, views * size, height]);
  const columns = f.reshape(weights(columnPositions!, batch * views * size, width, image), [
    batch * views,
    size,
    width,
  ]);
  const lines = f.reshape(f.transpose(image, [0, 2, 1, 3]), [batch, height, channels * width]);
  const picked = f.reshape(f.matmul(rows, lines), [batch * views, size * channels, width]);
  const sampled = f.reshape(f.matmul(picked, f.transpose(columns, [0, 2, 1])), [batch * views, size, channels, size]);
  return f.transpose(sampled, [0, 2, 1, 3]);
}

/** [count, pixels] interpolation weights, in the image's precision. */
function weights(positions: Value, count: number, pixels: number, image: Value): Value {
  const pixel = positions.graph.constant(
    Array.from({ length: pixels }, (_, i) => i),
    [1, pixels],
  );
  const distance = f.abs(f.sub(f.reshape(positions, [count, 1]), pixel));
  return f.stopGradient(f.cast(f.relu(f.add(f.neg(distance), 1)), image.dtype));
}
