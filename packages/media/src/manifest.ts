// The run's manifest inside a PNG: one iTXt chunk with the keyword `tessera` (PNG specification, 11.3.3.4).
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { LimitError, ManifestError, UnsupportedFormatError } from './errors.ts';
import { type Limits, limitsWith } from './limits.ts';
import { sniff } from './sniff.ts';

const KEYWORD = 'tessera';
const SIGNATURE_BYTES = 8;
/** Length, type and CRC around a chunk's data. */
const FRAME_BYTES = 12;
/** Above this the text is deflated; below, it can be read with any text viewer. */
const COMPRESS_ABOVE = 1024;

type Chunk = { readonly type: string; readonly data: Buffer; readonly whole: Buffer };

/**
 * The PNG with `json` (JSON text, any script) as its only `tessera` chunk, right after the header; pixels untouched.
 * @throws UnsupportedFormatError, ManifestError (not JSON, or the PNG is damaged), LimitError
 */
export function embedManifest(png: Uint8Array, json: string, own: Partial<Limits> = {}): Uint8Array {
  const text = Buffer.from(json, 'utf8');
  // A lone surrogate would come back as U+FFFD.
  if (text.toString('utf8') !== json)
    throw new ManifestError('the manifest is not well-formed Unicode; escape lone surrogates');
  checkJson(json);
  checkSize(text.length, limitsWith(own).manifestBytes);
  const compressed = text.length > COMPRESS_ABOVE;
  // keyword, end, compressed?, method 0 (zlib), empty language tag, empty translated keyword
  const head = Buffer.from([...Buffer.from(KEYWORD), 0, compressed ? 1 : 0, 0, 0, 0]);
  const chunk = writeChunk('iTXt', Buffer.concat([head, compressed ? deflateSync(text) : text]));
  const [first, ...rest] = [...chunks(png)].filter((other) => readHead(other) === undefined);
  if (first?.type !== 'IHDR') throw new ManifestError('this PNG does not start with its header chunk; encode it again');
  const signature = png.subarray(0, SIGNATURE_BYTES);
  return Buffer.concat([signature, first.whole, chunk, ...rest.map((other) => other.whole)]);
}

/**
 * The manifest's JSON text exactly as it was embedded, or undefined when the PNG carries none. The text parses as JSON.
 * @throws UnsupportedFormatError (no PNG), ManifestError (damaged), LimitError (too large after decompression)
 */
export function readManifest(png: Uint8Array, own: Partial<Limits> = {}): string | undefined {
  const max = limitsWith(own).manifestBytes;
  for (const chunk of chunks(png)) {
    const head = readHead(chunk);
    if (head) {
      const json = decode(head.compressed ? inflate(head.body, max) : head.body, max);
      checkJson(json);
      return json;
    }
  }
  return undefined;
}

/** All chunks up to IEND; each length and CRC is checked before the chunk is handed out. */
function* chunks(png: Uint8Array): Generator<Chunk> {
  const kind = sniff(png);
  if (kind?.format !== 'png') throw new UnsupportedFormatError(kind?.words ?? 'no image that we know', 'a PNG image');
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  for (let offset = SIGNATURE_BYTES; ; ) {
    if (offset + FRAME_BYTES > bytes.length) throw damaged('it ends before its end chunk');
    const length = bytes.readUInt32BE(offset);
    const end = offset + FRAME_BYTES + length;
    if (end > bytes.length) throw damaged(`a chunk of ${length} bytes runs past the end`);
    const whole = bytes.subarray(offset, end);
    const type = whole.toString('latin1', 4, 8);
    if (crc32(whole.subarray(4, -4)) !== whole.readUInt32BE(whole.length - 4)) throw damaged('a checksum is wrong');
    yield { type, data: whole.subarray(8, -4), whole };
    if (type === 'IEND') return;
    offset = end;
  }
}

/** The text part of a `tessera` iTXt chunk; undefined for any other chunk. */
function readHead({ type, data }: Chunk): { compressed: boolean; body: Buffer } | undefined {
  const keyEnd = data.indexOf(0);
  if (type !== 'iTXt' || data.toString('latin1', 0, keyEnd) !== KEYWORD) return undefined;
  const flag = data[keyEnd + 1];
  const languageEnd = data.indexOf(0, keyEnd + 3);
  const translatedEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
  if (translatedEnd < 0 || (flag !== 0 && flag !== 1) || data[keyEnd + 2] !== 0)
    throw damaged('its manifest chunk is malformed');
  return { compressed: flag === 1, body: data.subarray(translatedEnd + 1) };
}

function inflate(body: Buffer, max: number): Buffer {
  try {
    return inflateSync(body, { maxOutputLength: max });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new LimitError('the decompressed manifest', max + 1, max, 'bytes', 'this is no manifest of ours');
    }
    throw new ManifestError('the compressed manifest in this PNG is damaged; use the file as it was saved', {
      cause: error,
    });
  }
}

function decode(body: Buffer, max: number): string {
  checkSize(body.length, max);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (error) {
    throw new ManifestError('the manifest in this PNG is not UTF-8; use the file as it was saved', { cause: error });
  }
}

function checkJson(json: string): void {
  try {
    JSON.parse(json);
  } catch (error) {
    throw new ManifestError('the manifest is not JSON; embed JSON text', { cause: error });
  }
}

function checkSize(size: number, max: number): void {
  if (size > max) throw new LimitError('the manifest', size, max, 'bytes', 'leave large data out of it');
}

function writeChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(data.length + FRAME_BYTES);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), chunk.length - 4);
  return chunk;
}

function damaged(detail: string): ManifestError {
  return new ManifestError(`this PNG is damaged (${detail}); use the file as it was saved`);
}
