// A mask as a PNG: grey, white is generated.
import { encodeFrame } from '@tessera/media';

/** `mask` is HW in 0..1. */
export async function greyPng(
  mask: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  const data = new Uint8Array(mask.length * 3);
  for (let i = 0; i < mask.length; i++) data.fill(Math.round(mask[i]! * 255), i * 3, i * 3 + 3);
  return encodeFrame({ width, height, data }, { format: 'png' });
}
