// Live pictures in the size and format that subscribers want: each made once, however many want it.
import { createHash } from 'node:crypto';
import { encodeFrame, readImage } from '@tessera/media';
import type { FrameFormat, FrameMessage } from '@tessera/protocol';
import type { Picture } from '@tessera/wire';

export interface FrameWanted {
  /** Side in pixels; the tokenizer's own by default. */
  readonly size?: number;
  /** The format in which it comes, by default. */
  readonly format?: FrameFormat;
}

export interface LiveFrame {
  readonly size: number;
  readonly format: FrameFormat;
  readonly dataUrl: string;
  readonly sha256: string;
}

/** Forgotten together with the message. */
const made = new WeakMap<FrameMessage, Map<string, Promise<LiveFrame>>>();

/** A message that is decoded once gives each form once. @throws MediaError for bytes that are no picture */
export function liveFrame(message: FrameMessage, { size, format }: FrameWanted): Promise<LiveFrame> {
  const forms = made.get(message) ?? new Map<string, Promise<LiveFrame>>();
  made.set(message, forms);
  const key = `${size ?? message.size} ${format ?? message.format}`;
  const known = forms.get(key) ?? make(message, size ?? message.size, format ?? message.format);
  forms.set(key, known);
  return known;
}

async function make(message: FrameMessage, size: number, format: FrameFormat): Promise<LiveFrame> {
  if (size === message.size && format === message.format) {
    return { size, format, dataUrl: dataUrl(`image/${format}`, message.bytes), sha256: message.sha256 };
  }
  const bytes = await encodeFrame(await readImage(message.bytes), { format, size });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { size, format, dataUrl: dataUrl(`image/${format}`, bytes), sha256 };
}

const rendered = new WeakMap<Picture, LiveFrame>();

/** A picture that was decoded from stored tokens. */
export function frameOfPicture(picture: Picture, format: FrameFormat): LiveFrame {
  const known = rendered.get(picture);
  if (known) return known;
  const { bytes, contentType, width: size, sha256 } = picture;
  const frame = { size, format, dataUrl: dataUrl(contentType, bytes), sha256 };
  rendered.set(picture, frame);
  return frame;
}

function dataUrl(contentType: string, bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = bytes;
  return `data:${contentType};base64,${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}`;
}
