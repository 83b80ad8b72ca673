// Turns a safetensors header into tensor entries, or says exactly what is wrong with it.
// Format: 8 bytes little-endian header length N, N bytes of JSON (space padded), then the tensors' bytes without gaps.
import type { TensorEntry } from './checkpoint.ts';
import { type Dtype, dtypeBytes, isDtype } from './dtypes.ts';
import { CheckpointFormatError, quote } from './errors.ts';
import type { CheckpointLimits } from './limits.ts';
import { JsonFault, JsonNumber, type JsonValue, parseStrictJson } from './strict-json.ts';

export interface SafetensorsHeader {
  readonly tensors: Map<string, TensorEntry>;
  readonly metadata: Map<string, string>;
}

/**
 * Checks and reads a header.
 * @param bytes the JSON bytes, without the 8 bytes of length
 * @param fileSize bytes of the whole file
 * @throws CheckpointFormatError
 */
export function parseHeader(
  file: string,
  bytes: Uint8Array,
  fileSize: number,
  limits: CheckpointLimits,
): SafetensorsHeader {
  const root = parseJson(file, bytes);
  const dataStart = 8 + bytes.byteLength;
  const metadata = new Map<string, string>();
  const tensors = new Map<string, TensorEntry>();
  for (const [name, value] of root) {
    if (name === '__metadata__') readMetadata(file, value, metadata);
    else tensors.set(name, readTensor(file, name, value, dataStart, limits));
    if (tensors.size > limits.tensors)
      throw new CheckpointFormatError(
        file,
        `more than ${limits.tensors} tensors`,
        'raise the limit `tensors` if the file is meant',
      );
  }
  checkCovering(file, tensors, dataStart, fileSize);
  return { tensors, metadata };
}

function parseJson(file: string, bytes: Uint8Array): Map<string, JsonValue> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CheckpointFormatError(file, 'the header is not valid UTF-8', 'a safetensors header is UTF-8 JSON');
  }
  if (text[0] !== '{')
    throw new CheckpointFormatError(
      file,
      'the header does not start with "{"',
      'a safetensors header is one JSON object',
    );
  try {
    const root = parseStrictJson(text);
    if (root instanceof Map) return root;
  } catch (error) {
    if (error instanceof JsonFault)
      throw new CheckpointFormatError(
        file,
        `the header is not strict JSON (${error.message})`,
        'write it with a safetensors library',
      );
    throw error;
  }
  throw new CheckpointFormatError(file, 'the header is no object', 'a safetensors header is one JSON object');
}

function readMetadata(file: string, value: JsonValue, into: Map<string, string>): void {
  if (!(value instanceof Map))
    throw new CheckpointFormatError(file, '`__metadata__` is no object', 'it maps strings to strings');
  for (const [key, text] of value) {
    if (typeof text !== 'string')
      throw new CheckpointFormatError(
        file,
        `\`__metadata__\` entry ${quote(key)} is no string`,
        'it maps strings to strings',
      );
    into.set(key, text);
  }
}

function readTensor(
  file: string,
  name: string,
  value: JsonValue,
  dataStart: number,
  limits: CheckpointLimits,
): TensorEntry {
  const bad = (fault: string, cure: string) => new CheckpointFormatError(file, `tensor ${quote(name)} ${fault}`, cure);
  if (name.length > limits.nameLength)
    throw bad(`has a name of ${name.length} characters`, `at most ${limits.nameLength} are read`);
  if (!(value instanceof Map)) throw bad('is described by no object', '{"dtype", "shape", "data_offsets"} is needed');
  for (const key of value.keys()) {
    if (key !== 'dtype' && key !== 'shape' && key !== 'data_offsets')
      throw bad(`has an unknown field ${quote(key)}`, 'only dtype, shape and data_offsets are defined');
  }
  const dtype = value.get('dtype');
  if (!isDtype(dtype)) {
    throw bad(
      `has dtype ${typeof dtype === 'string' ? quote(dtype) : 'of no string'}`,
      `one of ${Object.keys(dtypeBytes).join(', ')} is needed`,
    );
  }
  const shape = naturals(value.get('shape'));
  if (!shape) throw bad('has a shape that is no list of integers from 0 to 2^53 - 1', 'every dimension is a count');
  if (shape.length > limits.rank) throw bad(`has ${shape.length} dimensions`, `at most ${limits.rank} are read`);
  const [begin, end, ...more] = naturals(value.get('data_offsets')) ?? [];
  if (begin === undefined || end === undefined || more.length > 0 || end < begin)
    throw bad('has bad data_offsets', '[begin, end] with begin <= end is needed');
  const length = byteLength(dtype, shape);
  if (length !== end - begin) {
    throw bad(
      `takes ${end - begin} bytes`,
      `${dtype} of shape [${shape.join(', ')}] takes ${length ?? 'more than 2^53'} bytes`,
    );
  }
  return { name, dtype, shape, offset: dataStart + begin, length };
}

function naturals(value: JsonValue | undefined): number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const numbers: number[] = [];
  for (const item of value) {
    const natural = item instanceof JsonNumber ? item.natural : undefined;
    if (natural === undefined) return undefined;
    numbers.push(natural);
  }
  return numbers;
}

/** Bytes of a tensor, or undefined when the count cannot be represented exactly. */
export function byteLength(dtype: Dtype, shape: readonly number[]): number | undefined {
  if (shape.includes(0)) return 0;
  let bytes: number = dtypeBytes[dtype];
  for (const n of shape) {
    bytes *= n;
    if (!Number.isSafeInteger(bytes)) return undefined;
  }
  return bytes;
}

/** The tensors must follow each other without hole or overlap and end with the file. */
function checkCovering(file: string, tensors: Map<string, TensorEntry>, dataStart: number, fileSize: number): void {
  const ordered = [...tensors.values()].sort((a, b) => a.offset - b.offset || a.length - b.length);
  let at = dataStart;
  for (const { name, offset, length } of ordered) {
    if (offset > at)
      throw new CheckpointFormatError(
        file,
        `${offset - at} bytes before tensor ${quote(name)} belong to no tensor`,
        'tensors follow each other without holes',
      );
    if (offset < at)
      throw new CheckpointFormatError(
        file,
        `tensor ${quote(name)} overlaps the one before it by ${at - offset} bytes`,
        'every byte belongs to one tensor',
      );
    at = offset + length;
  }
  if (at > fileSize)
    throw new CheckpointFormatError(
      file,
      `the file ends ${at - fileSize} bytes too early (truncated)`,
      `its header describes ${at} bytes, download it again`,
    );
  if (at < fileSize)
    throw new CheckpointFormatError(
      file,
      `${fileSize - at} bytes after the last tensor belong to no tensor`,
      `its header describes ${at} bytes`,
    );
}
