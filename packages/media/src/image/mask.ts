// Masks in: which pixels an inpainting run may change, soft from 0 (keep) to 1 (generate).
import { MaskSizeError, OptionError } from '../errors.ts';
import { type Limits, limitsWith } from '../limits.ts';
import { type ImageSource, openImage } from './decode.ts';

type Size = { readonly width: number; readonly height: number };

/**
 * A painted mask as float32 HW in 0..1: white, or opaque paint, is to be generated.
 * The alpha channel is taken if it varies, else the luminance (Rec. 709 weights on the stored values; profiles ignored).
 * @throws MaskSizeError unless the mask is exactly `image.width` x `image.height` px; and as `readImage` does.
 */
export async function readMask(source: ImageSource, image: Size, own: Partial<Limits> = {}): Promise<Float32Array> {
  const { decode } = await openImage(source, limitsWith(own));
  const { data, info } = await decode(
    (mask) => mask.toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true }),
    { ignoreIcc: true },
  );
  if (info.width !== image.width || info.height !== image.height) throw new MaskSizeError(info, image);
  return varies(data, 3) ? channel(data, 3) : luminance(data);
}

/** RGBA bytes: does channel `c` hold more than one value? */
function varies(rgba: Uint8Array, c: number): boolean {
  for (let i = c; i < rgba.length; i += 4) if (rgba[i] !== rgba[c]) return true;
  return false;
}

function channel(rgba: Uint8Array, c: number): Float32Array {
  return Float32Array.from({ length: rgba.length / 4 }, (_, i) => rgba[i * 4 + c]! / 255);
}

function luminance(rgba: Uint8Array): Float32Array {
  const weigh = (i: number) => 0.2126 * rgba[i]! + 0.7152 * rgba[i + 1]! + 0.0722 * rgba[i + 2]!;
  return Float32Array.from({ length: rgba.length / 4 }, (_, i) => Math.min(1, weigh(i * 4) / 255));
}

/**
 * Gaussian blur of a mask (HW), so that its edge is soft over about `2 * sigmaPx`; the border is continued outward.
 * Values stay within the range of the input up to rounding; `sigmaPx` 0 gives a copy.
 */
export function feather(mask: Float32Array, { width, height }: Size, sigmaPx: number): Float32Array {
  if (mask.length !== width * height) throw new OptionError('mask length', mask.length, `${width} x ${height}`);
  if (!(sigmaPx >= 0 && sigmaPx <= 256)) throw new OptionError('sigmaPx', sigmaPx, 'a number from 0 to 256');
  if (sigmaPx === 0) return mask.slice();
  const kernel = gaussian(sigmaPx);
  return blurColumns(blurRows(mask, width, height, kernel), width, height, kernel);
}

/** Half a normalised kernel: weights at distance 0, 1, ... up to 3 sigma. */
function gaussian(sigma: number): Float64Array {
  const half = Float64Array.from({ length: Math.ceil(3 * sigma) + 1 }, (_, d) =>
    Math.exp(-(d * d) / (2 * sigma * sigma)),
  );
  const sum = half.reduce((total, weight, d) => total + (d === 0 ? weight : 2 * weight), 0);
  return half.map((weight) => weight / sum);
}

function blurRows(source: Float32Array, width: number, height: number, kernel: Float64Array): Float32Array {
  const out = new Float32Array(source.length);
  const reach = kernel.length - 1;
  const row = new Float64Array(width + 2 * reach);
  for (let y = 0; y < height; y += 1) {
    const start = y * width;
    row.fill(source[start]!, 0, reach);
    row.set(source.subarray(start, start + width), reach);
    row.fill(source[start + width - 1]!, reach + width);
    for (let x = 0; x < width; x += 1) {
      const centre = x + reach;
      let sum = kernel[0]! * row[centre]!;
      for (let d = 1; d <= reach; d += 1) sum += kernel[d]! * (row[centre - d]! + row[centre + d]!);
      out[start + x] = sum;
    }
  }
  return out;
}

function blurColumns(source: Float32Array, width: number, height: number, kernel: Float64Array): Float32Array {
  const out = new Float32Array(source.length);
  for (let y = 0; y < height; y += 1) {
    for (let d = 0; d < kernel.length; d += 1) {
      const weight = d === 0 ? kernel[0]! / 2 : kernel[d]!;
      const above = Math.max(0, y - d) * width;
      const below = Math.min(height - 1, y + d) * width;
      for (let x = 0; x < width; x += 1) {
        out[y * width + x] = out[y * width + x]! + weight * (source[above + x]! + source[below + x]!);
      }
    }
  }
  return out;
}
