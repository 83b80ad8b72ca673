// Any image or mask to the square that a tokenizer takes, resized with antialiasing (Lanczos, a = 3).
import { MediaError, OptionError } from '../errors.ts';
import { sharp } from '../sharp.ts';
import { checkFrame, checkInteger, type RgbFrame } from './frame.ts';

/** crop: short side to `size`, then the centre (as the reference does); pad: whole image on white; stretch: both sides. */
export type SquareFit = 'crop' | 'pad' | 'stretch';

const fits = { crop: 'cover', pad: 'contain', stretch: 'fill' } as const satisfies Record<SquareFit, string>;

const MAX_SIZE = 4096;

/** The image as float32 CHW in 0..1, length `3 * size * size`. The resize itself works in 8 bits per channel. */
export async function toSquare(image: RgbFrame, size: number, fit: SquareFit = 'crop'): Promise<Float32Array> {
  checkFrame(image);
  const hwc = await resize(image.data, image.width, image.height, 3, size, fit, '#ffffff');
  const plane = size * size;
  const chw = new Float32Array(plane * 3);
  for (let i = 0; i < plane; i += 1) {
    for (let c = 0; c < 3; c += 1) chw[c * plane + i] = hwc[i * 3 + c]! / 255;
  }
  return chw;
}

/** A mask (HW, 0..1) put through the same geometry as `toSquare`; padding is known ground (0). 8 bits of softness. */
export async function maskToSquare(
  mask: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  size: number,
  fit: SquareFit = 'crop',
): Promise<Float32Array> {
  if (mask.length !== width * height) throw new OptionError('mask length', mask.length, `${width} x ${height}`);
  const bytes = Uint8Array.from(mask, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
  const grey = await resize(bytes, width, height, 1, size, fit, '#000000');
  return Float32Array.from(grey, (value) => value / 255);
}

async function resize(
  data: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3,
  size: number,
  fit: SquareFit,
  background: string,
): Promise<Uint8Array> {
  checkInteger('size', size, 1, MAX_SIZE);
  if (!(fit in fits)) throw new OptionError('fit', fit, 'crop, pad or stretch');
  if (width === size && height === size) return data;
  const { data: out, info } = await sharp(data, { raw: { width, height, channels } })
    .resize(size, size, { fit: fits[fit], position: 'centre', kernel: 'lanczos3', background })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== channels)
    throw new MediaError('resize', `resizing gave ${info.channels} channels, not ${channels}`);
  return out;
}
