// Reads the directory of a zip archive (with ZIP64) and finds where stored members lie in the file. Unpacks nothing.
import type { ByteSource } from './byte-source.ts';
import { CheckpointFormatError, quote } from './errors.ts';
import type { CheckpointLimits } from './limits.ts';

/** A member and the place of its bytes. Only stored (uncompressed) members have a place that can be used. */
export interface ZipMember {
  readonly name: string;
  /** True when the member is neither compressed nor encrypted. */
  readonly stored: boolean;
  /** Bytes in the file. */
  readonly length: number;
  /** Absolute offset of the local header; the data follow after a header of variable length. */
  readonly headerOffset: number;
}

const endSignature = 0x06054b50;
const end64LocatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;
/** The end record is 22 bytes and may be followed by a comment of 65,535. */
const longestEnd = 22 + 65_535;

const u64 = (view: DataView, at: number) => Number(view.getBigUint64(at, true));

function viewOf(source: ByteSource, offset: number, length: number): DataView {
  const inside = offset >= 0 && length >= 0 && Number.isSafeInteger(offset + length) && offset + length <= source.size;
  if (!inside) throw broken(source, `its directory points to bytes ${offset} to ${offset + length} of ${source.size}`);
  return new DataView(source.read(offset, length).buffer);
}

function broken(source: ByteSource, fault: string): CheckpointFormatError {
  return new CheckpointFormatError(source.path, `the zip archive is damaged (${fault})`, 'download it again');
}

/** All members by name. @throws CheckpointFormatError on damage, equal names, multi-disk archives. */
export function readZipDirectory(source: ByteSource, limits: CheckpointLimits): Map<string, ZipMember> {
  const { count, size, offset } = findDirectory(source);
  if (size > limits.zipDirectoryBytes) {
    throw new CheckpointFormatError(
      source.path,
      `the zip directory claims ${size} bytes`,
      `at most ${limits.zipDirectoryBytes} are read`,
    );
  }
  const view = viewOf(source, offset, size);
  const members = new Map<string, ZipMember>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > size || view.getUint32(at, true) !== directorySignature)
      throw broken(source, `entry ${i} of ${count} is missing`);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > size) throw broken(source, `entry ${i} is cut off`);
    const member = readEntry(source, view, at, nameLength, extraLength);
    if (members.has(member.name)) throw broken(source, `two members are called ${quote(member.name)}`);
    members.set(member.name, member);
    at = next;
  }
  if (at !== size) throw broken(source, `${size - at} bytes of the directory belong to no entry`);
  return members;
}

function findDirectory(source: ByteSource): { count: number; size: number; offset: number } {
  const tailLength = Math.min(source.size, longestEnd);
  const tailStart = source.size - tailLength;
  const tail = viewOf(source, tailStart, tailLength);
  let end = tailLength - 22;
  // The comment must reach exactly to the end of the file, or the signature is a chance match inside it.
  while (
    end >= 0 &&
    !(tail.getUint32(end, true) === endSignature && end + 22 + tail.getUint16(end + 20, true) === tailLength)
  )
    end--;
  if (end < 0) throw broken(source, 'no end record');
  const locator = tailStart + end - 20;
  if (locator >= 0) {
    const view = viewOf(source, locator, 20);
    if (view.getUint32(0, true) === end64LocatorSignature) {
      const record = viewOf(source, u64(view, 8), 56);
      if (record.getUint32(0, true) !== end64Signature) throw broken(source, 'no ZIP64 end record');
      return { count: u64(record, 32), size: u64(record, 40), offset: u64(record, 48) };
    }
  }
  return {
    count: tail.getUint16(end + 10, true),
    size: tail.getUint32(end + 12, true),
    offset: tail.getUint32(end + 16, true),
  };
}

function readEntry(source: ByteSource, view: DataView, at: number, nameLength: number, extraLength: number): ZipMember {
  const encrypted = (view.getUint16(at + 8, true) & 1) === 1;
  const method = view.getUint16(at + 10, true);
  let packed = view.getUint32(at + 20, true);
  let unpacked = view.getUint32(at + 24, true);
  let headerOffset = view.getUint32(at + 42, true);
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, nameLength));
  const extraEnd = at + 46 + nameLength + extraLength;
  for (let extra = at + 46 + nameLength; extra + 4 <= extraEnd; extra += 4 + view.getUint16(extra + 2, true)) {
    if (view.getUint16(extra, true) !== 1) continue;
    // ZIP64 field: 8-byte values, present only for the fields that are all ones, in this order.
    let value = extra + 4;
    const valueEnd = Math.min(extraEnd, value + view.getUint16(extra + 2, true));
    const take = (old: number) => {
      if (old !== 0xffffffff) return old;
      if (value + 8 > valueEnd) throw broken(source, `member ${quote(name)} lacks its ZIP64 sizes`);
      value += 8;
      return u64(view, value - 8);
    };
    unpacked = take(unpacked);
    packed = take(packed);
    headerOffset = take(headerOffset);
    break;
  }
  return { name, stored: method === 0 && !encrypted && packed === unpacked, length: packed, headerOffset };
}

/** Absolute offset of a stored member's bytes. @throws CheckpointFormatError when it is compressed or lies outside the file. */
export function storedOffset(source: ByteSource, member: ZipMember): number {
  if (!member.stored) {
    throw new CheckpointFormatError(
      source.path,
      `zip member ${quote(member.name)} is compressed or encrypted`,
      'PyTorch stores its members uncompressed, save it again with torch.save',
    );
  }
  const header = viewOf(source, member.headerOffset, 30);
  if (header.getUint32(0, true) !== localSignature)
    throw broken(source, `member ${quote(member.name)} has no local header`);
  const offset = member.headerOffset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (offset + member.length > source.size)
    throw broken(source, `member ${quote(member.name)} reaches beyond the end of the file`);
  return offset;
}
