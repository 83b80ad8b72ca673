// Animated WebP from still WebP files, each of which becomes one ANMF chunk (WebP container specification).
import { EncodeError } from '../errors.ts';
import { delays, type Picture, type Timing } from './timing.ts';

const VP8X_ANIMATION = 0x02;
const FRAME_DO_NOT_BLEND = 0x02;
const MAX_24_BIT = 0xffffff;

/** The `VP8 ` chunk's data of a lossy still WebP without alpha: one VP8 key frame. */
export function vp8Frame(still: Uint8Array): Buffer {
  const bytes = Buffer.from(still.buffer, still.byteOffset, still.byteLength);
  const length = bytes.length >= 20 ? bytes.readUInt32LE(16) : Number.POSITIVE_INFINITY;
  if (bytes.toString('latin1', 8, 16) !== 'WEBPVP8 ' || 20 + length > bytes.length) {
    throw new EncodeError('the WebP encoder gave no plain lossy image; report this with the version of sharp');
  }
  return bytes.subarray(20, 20 + length);
}

export function joinWebp(stills: readonly Uint8Array[], { width, height }: Picture, timing: Timing): Uint8Array {
  const header = Buffer.alloc(10);
  header[0] = VP8X_ANIMATION;
  header.writeUIntLE(width - 1, 4, 3);
  header.writeUIntLE(height - 1, 7, 3);
  const animation = Buffer.alloc(6);
  animation.writeUInt32LE(0xffffffff, 0);
  animation.writeUInt16LE(timing.loop, 4);

  const wait = delays(stills.length, timing, 1000);
  const frames = stills.map((still, index) => {
    const head = Buffer.alloc(16);
    head.writeUIntLE(width - 1, 6, 3);
    head.writeUIntLE(height - 1, 9, 3);
    head.writeUIntLE(Math.min(MAX_24_BIT, wait[index]!), 12, 3);
    head[15] = FRAME_DO_NOT_BLEND;
    return riffChunk('ANMF', head, riffChunk('VP8 ', vp8Frame(still)));
  });
  return riffChunk('RIFF', Buffer.from('WEBP'), riffChunk('VP8X', header), riffChunk('ANIM', animation), ...frames);
}

/** FourCC, little-endian length, data, padded to an even length. */
function riffChunk(kind: string, ...data: readonly Buffer[]): Buffer {
  const length = data.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(8);
  head.write(kind, 'latin1');
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, ...data, Buffer.alloc(length % 2)]);
}
