// The part of ZIP that .npz needs: a few files, stored or deflated, no encryption, no spanning (PKWARE APPNOTE 6.3).
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { ArrayFormatError, LimitError } from '../errors.ts';
import type { Limits } from '../limits.ts';

export type ZipFile = { readonly name: string; readonly data: Uint8Array };

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 0x0001;
const UTF8_NAMES = 0x0800;
/** 1980-01-01, the earliest date ZIP knows: the same arrays give the same bytes. */
const DATE = 0x0021;

export function writeZip(files: readonly ZipFile[], compress: boolean): Uint8Array {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const name = Buffer.from(file.name, 'utf8');
    const body = compress
      ? deflateRawSync(file.data)
      : Buffer.from(file.data.buffer, file.data.byteOffset, file.data.byteLength);
    const common = commonFields(file.data, body, compress ? DEFLATED : STORED, name);
    const local = Buffer.concat([uint32(LOCAL), common, name]);
    // made by 2.0; then the common fields; comment, disk, attributes: none; where the local header lies
    central.push(Buffer.concat([uint32(CENTRAL), uint16(20), common, Buffer.alloc(10), uint32(offset), name]));
    parts.push(local, body);
    offset += local.length + body.length;
    if (offset > 0xffff_0000)
      throw new LimitError('the archive', offset, 0xffff_0000, 'bytes', 'save fewer arrays in one file');
  }
  const directory = Buffer.concat(central);
  const counts = [uint16(files.length), uint16(files.length), uint32(directory.length), uint32(offset)];
  return Buffer.concat([...parts, directory, uint32(END), uint32(0), ...counts, uint16(0)]);
}

/** The fields that the local and the central header share, from "version needed" to "extra length". */
function commonFields(data: Uint8Array, body: Buffer, method: number, name: Buffer): Buffer {
  return Buffer.concat([
    ...[uint16(20), uint16(UTF8_NAMES), uint16(method), uint16(0), uint16(DATE)],
    ...[uint32(crc32(data)), uint32(body.length), uint32(data.length), uint16(name.length), uint16(0)],
  ]);
}

/**
 * All files of an archive, in its order. Sizes are taken from the central directory and hold as bounds while inflating.
 * @throws ArrayFormatError when anything is malformed or unsupported; LimitError over `arrayBytes` or `arrayEntries`
 */
export function readZip(bytes: Uint8Array, limits: Limits): ZipFile[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(file);
  const count = file.readUInt16LE(end + 10);
  let offset = file.readUInt32LE(end + 16);
  if (count > limits.arrayEntries) {
    throw new LimitError('the number of arrays', count, limits.arrayEntries, 'arrays', 'save fewer in one file');
  }
  const files: ZipFile[] = [];
  const names = new Set<string>();
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    const entry = readEntry(file, offset, end);
    if (names.has(entry.name)) throw damaged(`it holds ${entry.name} twice`);
    names.add(entry.name);
    total += entry.size;
    if (total > limits.arrayBytes) {
      throw new LimitError('the decompressed archive', total, limits.arrayBytes, 'bytes', 'save a part of it');
    }
    files.push({ name: entry.name, data: extract(file, entry, end) });
    offset = entry.next;
  }
  return files;
}

type Entry = { name: string; method: number; crc: number; packed: number; size: number; local: number; next: number };

/** Our archives and NumPy's end without a comment, so the end record is the last thing in the file. */
function findEnd(file: Buffer): number {
  const end = file.length - END_BYTES;
  if (end < 0 || file.readUInt32LE(end) !== END) throw damaged('its directory is missing');
  return end;
}

function readEntry(file: Buffer, offset: number, end: number): Entry {
  if (offset + 46 > end || file.readUInt32LE(offset) !== CENTRAL) throw damaged('its directory is malformed');
  const nameEnd = offset + 46 + file.readUInt16LE(offset + 28);
  const next = nameEnd + file.readUInt16LE(offset + 30) + file.readUInt16LE(offset + 32);
  if (next > end) throw damaged('its directory is malformed');
  if (file.readUInt16LE(offset + 8) & ENCRYPTED)
    throw new ArrayFormatError('this .npz file is encrypted; save it with numpy.savez');
  return {
    name: file.toString('utf8', offset + 46, nameEnd),
    method: file.readUInt16LE(offset + 10),
    crc: file.readUInt32LE(offset + 16),
    packed: file.readUInt32LE(offset + 20),
    size: file.readUInt32LE(offset + 24),
    local: file.readUInt32LE(offset + 42),
    next,
  };
}

function extract(file: Buffer, { name, method, crc, packed, size, local }: Entry, end: number): Uint8Array {
  if (local + 30 > end || file.readUInt32LE(local) !== LOCAL) throw damaged(`${name} is not where the directory says`);
  const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
  if (start + packed > end) throw damaged(`${name} runs past the end`);
  const body = file.subarray(start, start + packed);
  const data = method === STORED ? body : method === DEFLATED ? inflate(name, body, size) : undefined;
  if (!data)
    throw new ArrayFormatError(`${name} is packed by method ${method}; save with numpy.savez or savez_compressed`);
  if (data.length !== size) throw damaged(`${name} has ${data.length} bytes, not ${size}`);
  if (crc32(data) !== crc) throw damaged(`the checksum of ${name} is wrong`);
  return data;
}

function inflate(name: string, body: Buffer, size: number): Buffer {
  try {
    // zlib asks for a bound of at least one byte.
    return inflateRawSync(body, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    throw new ArrayFormatError(`this .npz file is damaged (${name} does not unpack to ${size} bytes); save it again`, {
      cause: error,
    });
  }
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const damaged = (detail: string) => new ArrayFormatError(`this .npz file is damaged (${detail}); save it again`);
