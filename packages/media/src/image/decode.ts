// The only way into the decoders: magic bytes, then the header against the limits, then the pixels.
import type { Sharp, SharpOptions } from 'sharp';
import { CorruptImageError, DecodeTimeoutError, LimitError, UnsupportedFormatError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { readFileLimited, tooLarge } from '../read-file.ts';
import { sharp } from '../sharp.ts';
import { sniff } from '../sniff.ts';

export type ImageFormat = 'jpeg' | 'png' | 'webp';

export type ImageSource = Uint8Array | string;

export type CheckedImage = {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
  /** What `finish` makes of a fresh pipeline over the checked bytes. @throws CorruptImageError, DecodeTimeoutError */
  readonly decode: <T>(finish: (pipeline: Sharp) => Promise<T>, options?: SharpOptions) => Promise<T>;
};

const names: Readonly<Record<ImageFormat, string>> = { jpeg: 'JPEG', png: 'PNG', webp: 'WebP' };

const isImageFormat = (format: string): format is ImageFormat => format in names;

/**
 * Loads `source` (bytes or a path) and checks everything that a header can tell, without decoding a pixel.
 * @throws FileAccessError, UnsupportedFormatError, LimitError, CorruptImageError
 */
export async function openImage(source: ImageSource, limits: Limits): Promise<CheckedImage> {
  const bytes = typeof source === 'string' ? await readFileLimited(source, limits.maxBytes) : source;
  if (bytes.length > limits.maxBytes) throw tooLarge(bytes.length, limits.maxBytes);
  if (bytes.length === 0) throw new UnsupportedFormatError('an empty file');
  const kind = sniff(bytes);
  if (!kind) throw new UnsupportedFormatError('no image that we know');
  const { format } = kind;
  if (!isImageFormat(format)) throw new UnsupportedFormatError(kind.words);

  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw corrupt(format, error);
    });
  const { width, height } = header;
  if (Math.max(width, height) > limits.maxSide) {
    throw new LimitError('the longer side', Math.max(width, height), limits.maxSide, 'px', 'scale the image down');
  }
  if (width * height > limits.maxPixels) {
    throw new LimitError(`${width} x ${height}`, width * height, limits.maxPixels, 'pixels', 'scale the image down');
  }
  return {
    bytes,
    format,
    async decode(finish, options = {}) {
      // failOn 'error' makes cut files errors, and lets pass what only earns a warning (stray bytes between markers).
      const pipeline = sharp(bytes, { failOn: 'error', limitInputPixels: limits.maxPixels, ...options })
        .timeout({ seconds: limits.decodeSeconds })
        .autoOrient();
      try {
        return await finish(pipeline);
      } catch (error) {
        // sharp has no class for it, only these words: "timeout: 42% complete".
        if (!firstLine(error).startsWith('timeout:')) throw corrupt(format, error);
        throw new DecodeTimeoutError(names[format], limits.decodeSeconds, { cause: error });
      }
    },
  };
}

const firstLine = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';

const corrupt = (format: ImageFormat, cause: unknown) =>
  new CorruptImageError(names[format], firstLine(cause), { cause });
