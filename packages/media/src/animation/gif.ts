// Animated GIF from still GIF files, each with its own palette (GIF89a specification, with Netscape's loop extension).
import { EncodeError } from '../errors.ts';
import { delays, type Picture, type Timing } from './timing.ts';

const HEADER_BYTES = 13;
const HAS_PALETTE = 0x80;
const PALETTE_SIZE = 0x07;
const DO_NOT_DISPOSE = 1 << 2;
const IMAGE = 0x2c;
const EXTENSION = 0x21;
/** Extension introducer, label, block length, "NETSCAPE2.0", then a block of 3 with the loop count. */
const LOOP_HEAD = Buffer.from('\x21\xff\x0bNETSCAPE2.0\x03\x01', 'latin1');

export function joinGif(stills: readonly Uint8Array[], { width, height }: Picture, timing: Timing): Uint8Array {
  const screen = Buffer.alloc(HEADER_BYTES);
  screen.write('GIF89a', 'latin1');
  screen.writeUInt16LE(width, 6);
  screen.writeUInt16LE(height, 8);
  const wait = delays(stills.length, timing, 100);
  const frames = stills.flatMap((still, index) => [control(wait[index]!), ...imageOf(still)]);
  return Buffer.concat([screen, ...loopBlock(timing.loop), ...frames, Buffer.from([0x3b])]);
}

/** The extension counts repeats after the first showing; a GIF without it plays once. */
function loopBlock(loop: number): Buffer[] {
  if (loop === 1) return [];
  const count = Buffer.alloc(3);
  count.writeUInt16LE(loop === 0 ? 0 : loop - 1, 0);
  return [LOOP_HEAD, count];
}

/** Graphic control extension: how long the frame stays, in 1/100 s. */
function control(wait: number): Buffer {
  const block = Buffer.from([EXTENSION, 0xf9, 4, DO_NOT_DISPOSE, 0, 0, 0, 0]);
  block.writeUInt16LE(Math.min(0xffff, wait), 4);
  return block;
}

/** Descriptor, palette and pixels of a still GIF's only image, its global palette made local. */
function imageOf(still: Uint8Array): Buffer[] {
  const bytes = Buffer.from(still.buffer, still.byteOffset, still.byteLength);
  const flags = bytes[10] ?? 0;
  const paletteEnd = HEADER_BYTES + (flags & HAS_PALETTE ? 3 << ((flags & PALETTE_SIZE) + 1) : 0);
  let offset = paletteEnd;
  while (bytes[offset] === EXTENSION) offset = blocksEnd(bytes, offset + 2);
  if (bytes[offset] !== IMAGE) throw unexpected();
  const descriptor = Buffer.from(bytes.subarray(offset, offset + 10));
  const local = descriptor[9]! & HAS_PALETTE;
  if (!local) descriptor[9] = descriptor[9]! | HAS_PALETTE | (flags & PALETTE_SIZE);
  const pixels = offset + 10;
  const coded = pixels + (local ? 3 << ((descriptor[9]! & PALETTE_SIZE) + 1) : 0);
  const palette = local ? [] : [bytes.subarray(HEADER_BYTES, paletteEnd)];
  // The byte after the palette is the code size, then come the data blocks.
  return [descriptor, ...palette, bytes.subarray(pixels, blocksEnd(bytes, coded + 1))];
}

/** The offset after a chain of length-prefixed blocks that an empty block ends. */
function blocksEnd(bytes: Buffer, start: number): number {
  for (let offset = start; ; ) {
    const length = bytes[offset];
    if (length === undefined) throw unexpected();
    offset += 1 + length;
    if (length === 0) return offset;
  }
}

const unexpected = () =>
  new EncodeError('the GIF encoder gave an unexpected file; report this with the version of sharp');
