// Decoded images as frames: 8-bit RGB, row by row.
import { f, type Value } from '@tessera/graph';

/** [B, 3, S, S] in about 0..1 to uint8 [B, S, S, 3]. */
export function toFrame(image: Value): Value {
  const scaled = f.round(f.mul(f.clip(image, 0, 1), 255));
  return f.cast(f.transpose(scaled, [0, 2, 3, 1]), 'uint8');
}
