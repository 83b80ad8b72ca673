// Pictures out: one RGB frame to a PNG, WebP or JPEG file, without metadata.
import { EncodeError, OptionError } from '../errors.ts';
import { sharp } from '../sharp.ts';
import { checkFrame, checkInteger, type RgbFrame } from './frame.ts';

export type FrameFormat = 'png' | 'webp' | 'jpeg';

export type EncodeFrameOptions = {
  readonly format: FrameFormat;
  /** 1 to 100, for WebP (default 80) and JPEG (default 90); PNG is lossless and takes none. */
  readonly quality?: number;
  /** Length of the longer side in px; the aspect is kept. Default: as it is. */
  readonly size?: number;
};

/**
 * Encodes one frame. WebP runs at effort 0: live previews need speed more than the last tenth of size.
 * @throws FrameShapeError, OptionError, EncodeError
 */
export async function encodeFrame(frame: RgbFrame, options: EncodeFrameOptions): Promise<Uint8Array> {
  checkFrame(frame);
  const { format, quality, size } = options;
  if (quality !== undefined) checkInteger('quality', quality, 1, 100);
  if (size !== undefined) checkInteger('size', size, 1, 16_383);
  const raw = { width: frame.width, height: frame.height, channels: 3 } as const;
  let pipeline = sharp(frame.data, { raw, limitInputPixels: false });
  if (size !== undefined) pipeline = pipeline.resize(size, size, { fit: 'inside', kernel: 'lanczos3' });
  try {
    switch (format) {
      case 'png':
        return await pipeline.png({ compressionLevel: 6 }).toBuffer();
      case 'webp':
        return await pipeline.webp({ quality: quality ?? 80, effort: 0 }).toBuffer();
      case 'jpeg':
        return await pipeline.jpeg({ quality: quality ?? 90 }).toBuffer();
      default:
        throw new OptionError('format', format satisfies never, 'png, webp or jpeg');
    }
  } catch (error) {
    if (error instanceof OptionError) throw error;
    const detail = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new EncodeError(`cannot encode ${frame.width} x ${frame.height} px as ${format}: ${detail}`, {
      cause: error,
    });
  }
}
