// Photos in: JPEG, PNG or WebP to upright 8-bit sRGB without any metadata.
import { createHash } from 'node:crypto';
import { type Limits, limitsWith } from '../limits.ts';
import { type ImageFormat, type ImageSource, openImage } from './decode.ts';
import { checkFrame, type RgbFrame } from './frame.ts';

export type ReadImage = RgbFrame & {
  readonly format: ImageFormat;
  /** SHA-256 of the file's bytes as they came, lower-case hex. */
  readonly sha256: string;
};

/**
 * Decodes an image, given as bytes or as a path.
 * EXIF orientation is applied, an embedded colour profile is converted to sRGB, transparency is laid on white, 16-bit,
 * grey, palette and CMYK become 8-bit RGB, and of an animation the first frame is taken.
 * @throws FileAccessError, UnsupportedFormatError, LimitError (before any pixel is decoded), CorruptImageError, DecodeTimeoutError
 */
export async function readImage(source: ImageSource, own: Partial<Limits> = {}): Promise<ReadImage> {
  const { bytes, format, decode } = await openImage(source, limitsWith(own));
  const { data, info } = await decode((image) =>
    image.flatten({ background: '#ffffff' }).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true }),
  );
  const frame = { width: info.width, height: info.height, data };
  checkFrame(frame);
  return { ...frame, format, sha256: createHash('sha256').update(bytes).digest('hex') };
}
