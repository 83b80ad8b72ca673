// Frames of a run to one animated file: WebP, GIF, WebM or MP4.
import { EncodeError, FrameShapeError, LimitError, OptionError } from '../errors.ts';
import { checkFrame, checkInteger, type RgbFrame } from '../image/frame.ts';
import { type Limits, limitsWith } from '../limits.ts';
import { sharp } from '../sharp.ts';
import { ffmpegMp4, hasFfmpeg } from './ffmpeg.ts';
import { joinGif } from './gif.ts';
import { encodeInOrder } from './ordered.ts';
import { durationMs, type Picture, type Timing } from './timing.ts';
import { joinMp4, joinWebm } from './video.ts';
import { joinWebp } from './webp.ts';

export type AnimationFormat = 'webp' | 'gif' | 'webm' | 'mp4';
export type AnimationCodec = 'webp' | 'gif' | 'vp8' | 'av1' | 'h264';

export type AnimationOptions = {
  readonly format: AnimationFormat;
  /** Frames a second, 0.1 to 60 (GIF: to 50, browsers slow down faster ones); default 20. */
  readonly fps?: number;
  /** How often it plays, 0 (default) for ever; WebM and MP4 leave this to the player. */
  readonly loop?: number;
  /** How much longer the last frame stays, ms, default 0, at most 60,000. */
  readonly holdLastMs?: number;
  /** 1 to 100 for webp, webm and AV1; default 80. */
  readonly quality?: number;
  /** MP4 only. auto (default): H.264 if the system has ffmpeg with libx264, else AV1, which needs nothing. */
  readonly codec?: 'auto' | 'h264' | 'av1';
  readonly signal?: AbortSignal;
  /** Called after each frame with the number handed to the encoder so far. */
  readonly onProgress?: (done: number) => void;
  readonly limits?: Partial<Limits>;
};

export type Animation = Picture & {
  readonly bytes: Uint8Array;
  readonly format: AnimationFormat;
  readonly codec: AnimationCodec;
  readonly frames: number;
  readonly durationMs: number;
};

type Recipe = {
  readonly codec: AnimationCodec;
  readonly encode: (frame: RgbFrame, quality: number) => Promise<Uint8Array>;
  readonly join: (stills: readonly Uint8Array[], picture: Picture, timing: Timing) => Uint8Array | Promise<Uint8Array>;
};

const open = ({ data, width, height }: RgbFrame) => sharp(data, { raw: { width, height, channels: 3 } });
const webpStill: Recipe['encode'] = (frame, quality) => open(frame).webp({ quality, effort: 2 }).toBuffer();

const recipes: Readonly<Record<AnimationFormat, Recipe>> = {
  webp: { codec: 'webp', encode: webpStill, join: joinWebp },
  webm: { codec: 'vp8', encode: webpStill, join: joinWebm },
  // Half the default dither: frames of a run differ in little else, and full dither makes them flicker.
  gif: { codec: 'gif', encode: (frame) => open(frame).gif({ effort: 1, dither: 0.5 }).toBuffer(), join: joinGif },
  mp4: {
    codec: 'av1',
    encode: (frame, quality) => open(frame).avif({ quality, effort: 0, chromaSubsampling: '4:2:0' }).toBuffer(),
    join: joinMp4,
  },
};

const MAX_SIDE: Readonly<Record<AnimationFormat, number>> = { webp: 16_383, webm: 16_383, gif: 65_535, mp4: 8192 };

/**
 * Encodes frames as they come; at most a handful of raw frames are held, and the encoded ones until the end.
 * The first frame sets the size.
 * @throws OptionError, FrameShapeError, LimitError, EncodeError, EncoderMissingError (codec 'h264' without ffmpeg);
 *   the signal's reason when it is aborted
 */
export async function encodeAnimation(
  frames: AsyncIterable<RgbFrame> | Iterable<RgbFrame>,
  options: AnimationOptions,
): Promise<Animation> {
  const { format, quality = 80, codec = 'auto', signal } = options;
  const timing = checkOptions(options);
  const limits = limitsWith(options.limits);
  const seen: Seen = { count: 0 };
  const checked = checkFrames(frames, options, limits.animationFrames, seen);

  let bytes: Uint8Array;
  let used = recipes[format].codec;
  if (format === 'mp4' && codec !== 'av1' && (codec === 'h264' || (await hasFfmpeg()))) {
    used = 'h264';
    bytes = await ffmpegMp4(checked, timing);
  } else {
    const { encode, join } = recipes[format];
    const stills: Uint8Array[] = [];
    let total = 0;
    for await (const still of encodeInOrder(checked, (frame) => encode(frame, quality).catch(failed))) {
      stills.push(still);
      total += still.length;
      if (total > limits.animationBytes) {
        throw new LimitError('the animation', total, limits.animationBytes, 'bytes', 'use fewer or smaller frames');
      }
    }
    bytes = await join(stills, seen.first ?? noFrames(), timing);
  }
  signal?.throwIfAborted();
  const { width, height } = seen.first ?? noFrames();
  return { bytes, format, codec: used, width, height, frames: seen.count, durationMs: durationMs(seen.count, timing) };
}

type Seen = { count: number; first?: Picture };

/** Passes frames on, each checked for its shape, the size of the first, the number of frames and the signal. */
async function* checkFrames(
  frames: AsyncIterable<RgbFrame> | Iterable<RgbFrame>,
  { format, signal, onProgress }: AnimationOptions,
  max: number,
  seen: Seen,
): AsyncGenerator<RgbFrame, void> {
  signal?.throwIfAborted();
  for await (const frame of frames) {
    signal?.throwIfAborted();
    checkFrame(frame);
    const { width, height } = frame;
    seen.first ??= { width, height };
    const { first } = seen;
    if (Math.max(width, height) > MAX_SIDE[format]) {
      throw new LimitError(
        `a side in ${format}`,
        Math.max(width, height),
        MAX_SIDE[format],
        'px',
        'scale the frames down',
      );
    }
    if (width !== first.width || height !== first.height) {
      const sizes = `frame ${seen.count} is ${width} x ${height} px and the first ${first.width} x ${first.height} px`;
      throw new FrameShapeError(`${sizes}; make all frames one size`);
    }
    if (seen.count >= max) {
      throw new LimitError('the number of frames', seen.count + 1, max, 'frames', 'keep every second frame, or fewer');
    }
    seen.count += 1;
    yield frame;
    onProgress?.(seen.count);
  }
  if (seen.count === 0) noFrames();
}

function failed(error: unknown): never {
  const detail = error instanceof Error ? error.message : String(error);
  throw new EncodeError(`a frame of the animation cannot be encoded: ${detail}`, { cause: error });
}

function noFrames(): never {
  throw new FrameShapeError('the animation has no frames; give at least one');
}

function checkOptions(options: AnimationOptions): Timing {
  const { format, fps = 20, loop = 0, holdLastMs = 0, quality, codec = 'auto' } = options;
  if (!(format in recipes)) throw new OptionError('format', format, 'webp, gif, webm or mp4');
  if (!['auto', 'h264', 'av1'].includes(codec)) throw new OptionError('codec', codec, 'auto, h264 or av1');
  const fastest = format === 'gif' ? 50 : 60;
  if (!(fps >= 0.1 && fps <= fastest)) throw new OptionError('fps', fps, `a number from 0.1 to ${fastest}`);
  checkInteger('loop', loop, 0, 65_535);
  if (!(holdLastMs >= 0 && holdLastMs <= 60_000)) throw new OptionError('holdLastMs', holdLastMs, 'from 0 to 60000');
  if (quality !== undefined) checkInteger('quality', quality, 1, 100);
  return { fps, loop, holdLastMs };
}
