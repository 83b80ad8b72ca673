// WebM and MP4 without a video encoder: a lossy WebP is one VP8 key frame and an AVIF is one AV1 key frame, so that only
// the container has to be written. Every frame is a key frame: larger than ordinary video, but any step can be sought.
import type { EncodedVideoPacketSource, OutputFormat } from 'mediabunny';
import { EncodeError } from '../errors.ts';
import type { Picture, Timing } from './timing.ts';
import { vp8Frame } from './webp.ts';

/** @param stills lossy WebP files of one size */
export async function joinWebm(stills: readonly Uint8Array[], picture: Picture, timing: Timing): Promise<Uint8Array> {
  const { WebMOutputFormat } = await import('mediabunny');
  const config = { codec: 'vp8', codedWidth: picture.width, codedHeight: picture.height };
  return mux(new WebMOutputFormat(), 'vp8', stills.map(vp8Frame), config, timing);
}

/** @param stills AVIF files of one size */
export async function joinMp4(stills: readonly Uint8Array[], picture: Picture, timing: Timing): Promise<Uint8Array> {
  const { Mp4OutputFormat } = await import('mediabunny');
  const parts = stills.map(av1Frame);
  const description = parts[0]!.config;
  const profile = description[1]! >> 5;
  const level = String(description[1]! & 0x1f).padStart(2, '0');
  const codec = `av01.${profile}.${level}M.08`;
  const config = { codec, codedWidth: picture.width, codedHeight: picture.height, description };
  const frames = parts.map((part) => part.frame);
  return mux(new Mp4OutputFormat({ fastStart: 'in-memory' }), 'av1', frames, config, timing);
}

type DecoderConfig = { codec: string; codedWidth: number; codedHeight: number; description?: Uint8Array };

async function mux(
  format: OutputFormat,
  codec: 'vp8' | 'av1',
  frames: readonly Uint8Array[],
  decoderConfig: DecoderConfig,
  { fps, holdLastMs }: Timing,
): Promise<Uint8Array> {
  const { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Output } = await import('mediabunny');
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const source: EncodedVideoPacketSource = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source, { frameRate: fps });
  await output.start();
  const show = (frame: Uint8Array, start: number, seconds: number) =>
    source.add(new EncodedPacket(frame, 'key', start, seconds), { decoderConfig });
  for (const [index, frame] of frames.entries()) await show(frame, index / fps, 1 / fps);
  // Players may drop a long last duration, so the hold is closed by the same frame once more.
  const hold = holdLastMs / 1000;
  if (hold > 0) await show(frames.at(-1)!, frames.length / fps + Math.max(0, hold - 1 / fps), Math.min(hold, 1 / fps));
  await output.finalize();
  if (!target.buffer)
    throw new EncodeError('the video container came out empty; report this with the version of mediabunny');
  return new Uint8Array(target.buffer);
}

/** The coded frame (`mdat`) and decoder configuration (`av1C`) of an AVIF file that holds one image item. */
function av1Frame(still: Uint8Array): { frame: Uint8Array; config: Uint8Array } {
  const bytes = Buffer.from(still.buffer, still.byteOffset, still.byteLength);
  let frame: Buffer | undefined;
  let config: Buffer | undefined;
  for (let offset = 0; offset + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(offset);
    const kind = bytes.toString('latin1', offset + 4, offset + 8);
    if (length < 8) break;
    const box = bytes.subarray(offset, offset + length);
    if (kind === 'mdat') frame = box.subarray(8);
    if (kind === 'meta') config = findAv1Config(box);
    offset += length;
  }
  if (!frame || !config)
    throw new EncodeError('the AVIF encoder gave an unexpected file; report this with the version of sharp');
  return { frame, config };
}

function findAv1Config(meta: Buffer): Buffer | undefined {
  const at = meta.indexOf('av1C', 0, 'latin1');
  return at < 4 ? undefined : meta.subarray(at + 4, at - 4 + meta.readUInt32BE(at - 4));
}
