// Writes safetensors: contiguous tensors behind an 8-byte aligned header. Used for token histories and conversions.
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { ModelError } from '../errors.ts';
import { type Dtype, dtypeBytes } from './dtypes.ts';
import { byteLength } from './safetensors-header.ts';

/** A tensor to write. The element type follows from the array's type. */
export interface TensorData {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array | Uint32Array;
}

/** A tensor that cannot be written as it was given. */
export class TensorDataError extends ModelError {
  readonly code = 'TENSOR_DATA';
}

/** What a header needs to know of a tensor. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly length: number;
}

/**
 * The bytes of a safetensors file. Wider elements first, then by name, so that every tensor is aligned to its element.
 * @throws TensorDataError when shape and data disagree or a name is reserved
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, TensorData>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(tensors)
    .map(([name, tensor]) => ({ ...headerEntry(name, tensor), data: tensor.data }))
    .sort(byAlignment);
  const header = encodeHeader(entries, metadata);
  const bytes = new Uint8Array(entries.reduce((sum, e) => sum + e.length, header.byteLength));
  bytes.set(header);
  let at = header.byteLength;
  for (const { data, length } of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, length), at);
    at += length;
  }
  return bytes;
}

/** Writes a safetensors file: to a temporary name beside it, then renamed, so that a reader never sees half a file. */
export async function saveSafetensors(
  path: string,
  tensors: Readonly<Record<string, TensorData>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, writeSafetensors(tensors, metadata));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export function byAlignment(a: HeaderEntry, b: HeaderEntry): number {
  return dtypeBytes[b.dtype] - dtypeBytes[a.dtype] || (a.name < b.name ? -1 : 1);
}

/** Length field and JSON, space padded to a multiple of 8 bytes; the entries' bytes follow in the given order. */
export function encodeHeader(entries: readonly HeaderEntry[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const fields: string[] = [];
  if (Object.keys(metadata).length > 0) fields.push(`"__metadata__":${JSON.stringify(metadata)}`);
  let at = 0;
  for (const { name, dtype, shape, length } of entries) {
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [at, at + length] })}`);
    at += length;
  }
  const json = new TextEncoder().encode(`{${fields.join(',')}}`);
  const padded = Math.ceil(json.byteLength / 8) * 8;
  const header = new Uint8Array(8 + padded).fill(32);
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true);
  header.set(json, 8);
  return header;
}

function headerEntry(name: string, { shape, data }: TensorData): HeaderEntry {
  if (name === '__metadata__' || name === '__proto__')
    throw new TensorDataError(`tensor name ${name} is reserved: choose another`);
  const dtype = dtypeOf(data);
  const length = byteLength(dtype, shape);
  if (length !== data.byteLength || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new TensorDataError(
      `tensor ${JSON.stringify(name)} has shape [${shape.join(', ')}] and ${data.length} values: their counts must be equal`,
    );
  }
  return { name, dtype, shape, length };
}

function dtypeOf(data: TensorData['data']): Dtype {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof BigInt64Array) return 'I64';
  if (data instanceof Uint16Array) return 'U16';
  if (data instanceof Uint32Array) return 'U32';
  return 'U8';
}
