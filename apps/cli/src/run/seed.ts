// Image files to what the engine starts from and compares with.
import type { Frame } from '@tessera/engine';
import { feather, maskToSquare, readImage, readMask, type SquareFit, toSquare } from '@tessera/media';
import { inputFile } from './input-file.ts';

/** An image as the tokenizer reads it: float32 [3, S, S] in 0..1. @throws InputError */
export async function readSeed(file: string, side: number, fit: SquareFit): Promise<Float32Array> {
  return inputFile(file, async () => toSquare(await readImage(file), side, fit));
}

export interface MaskedImage {
  /** [3, S, S], the hole filled. */
  readonly seed: Float32Array;
  /** [3, S, S] as it came. */
  readonly image: Float32Array;
  /** [1, S, S]; 1 = to be generated. */
  readonly mask: Float32Array;
}

export interface MaskOptions {
  readonly fit: SquareFit;
  /** Softness of the mask's edge in pixels of the tokenizer's image. */
  readonly feather: number;
  /** What the hole starts as: the mean colour of what is known, or what the image has there. */
  readonly fill: 'mean' | 'keep';
}

/** An image and the mask that belongs to it. @throws InputError when one cannot be read or their sizes differ */
export async function readMasked(file: string, maskFile: string, side: number, o: MaskOptions): Promise<MaskedImage> {
  const whole = await inputFile(file, () => readImage(file));
  const image = await toSquare(whole, side, o.fit);
  const painted = await inputFile(maskFile, () => readMask(maskFile, whole));
  const size = { width: side, height: side };
  const mask = feather(await maskToSquare(painted, whole, side, o.fit), size, o.feather);
  return { image, mask, seed: o.fill === 'keep' ? image : filled(image, mask) };
}

/** The whole image as a reference: nothing of it is to be generated. @throws InputError */
export async function readWhole(file: string, side: number, fit: SquareFit): Promise<MaskedImage> {
  const image = await readSeed(file, side, fit);
  return { seed: image, image, mask: new Float32Array(side * side) };
}

/** The image with its hole, softly, in the mean colour of the rest. */
function filled(image: Float32Array, mask: Float32Array): Float32Array {
  const plane = mask.length;
  const known = mask.reduce((sum, m) => sum + 1 - m, 0);
  const mean = [0, 1, 2].map((c) =>
    known === 0 ? 0.5 : mask.reduce((sum, m, i) => sum + (1 - m) * image[c * plane + i]!, 0) / known,
  );
  return image.map((x, i) => x + mask[i % plane]! * (mean[Math.floor(i / plane)]! - x));
}

/** [3, S, S] in 0..1 as an 8-bit frame. */
export function frameOf(image: Float32Array, side: number): Frame {
  const plane = side * side;
  const data = new Uint8Array(plane * 3);
  for (let i = 0; i < data.length; i++) data[i] = Math.round(255 * image[(i % 3) * plane + Math.floor(i / 3)]!);
  return { width: side, height: side, data };
}
