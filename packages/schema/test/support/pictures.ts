// Pictures for tests, encoded.
import { encodeFrame } from '@tessera/media';

/** One colour. */
export async function plainPicture(
  [r, g, b]: readonly [number, number, number],
  width = 64,
  height = width,
): Promise<Uint8Array> {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set([r, g, b], i);
  return encodeFrame({ width, height, data }, { format: 'png' });
}
