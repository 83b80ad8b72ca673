// Pictures to encode, and how far two pictures are apart.
import { encodeFrame, readImage, toSquare } from '@tessera/media';

/** A JPEG of 300 x 200: a sky over sand with a disc; another `variant` has other colours. */
export async function photo(variant = 0): Promise<Uint8Array> {
  const [width, height] = [300, 200];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const disc = Math.hypot(x - 150, y - 100) < 50;
      const colour = disc ? [230, 190, 60] : y < 120 ? [90, 150, 220] : [210, 190, 140];
      for (let c = 0; c < 3; c++) data[3 * (y * width + x) + c] = colour[(c + variant) % 3]!;
    }
  }
  return encodeFrame({ width, height, data }, { format: 'jpeg' });
}

/** Root mean square difference of two encoded pictures, cropped to squares of 128 px, 0..1. */
export async function difference(a: Uint8Array, b: Uint8Array): Promise<number> {
  const [one, other] = await Promise.all([a, b].map(async (bytes) => toSquare(await readImage(bytes), 128)));
  return Math.sqrt(one!.reduce((sum, value, i) => sum + (value - other![i]!) ** 2, 0) / one!.length);
}
