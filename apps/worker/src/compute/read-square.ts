// An encoded picture that somebody uploaded, as the square that models take.
import type { Frame } from '@tessera/engine';
import { readImage, toSquare } from '@tessera/media';

/** [3, side, side] in 0..1, upright, cropped in the middle. @throws MediaError */
export async function readSquare(picture: Uint8Array, side: number): Promise<Float32Array> {
  return toSquare(await readImage(picture), side);
}

/** The same as an 8-bit frame. @throws MediaError */
export async function readFrame(picture: Uint8Array, side: number): Promise<Frame> {
  const image = await readSquare(picture, side);
  const plane = side * side;
  const data = new Uint8Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) data[3 * i + c] = Math.round(image[c * plane + i]! * 255);
  }
  return { width: side, height: side, data };
}
