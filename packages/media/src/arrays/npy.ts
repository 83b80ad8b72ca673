// NumPy's .npy files, format version 1.0 (numpy.lib.format).
import { ArrayFormatError, LimitError } from '../errors.ts';
import { type Limits, limitsWith } from '../limits.ts';
import { dtypeNames, dtypes, type NdArray } from './dtypes.ts';

const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
const PREFIX_BYTES = MAGIC.length + 2;
/** NumPy pads its header so that the data start at a multiple of this. */
const ALIGN = 64;
const MAX_DIMENSIONS = 32;

/** The bytes that `numpy.save` would write. @throws ArrayFormatError when shape, type and data disagree */
export function encodeNpy(array: NdArray): Uint8Array {
  const row = dtypes[array.dtype];
  if (!row)
    throw new ArrayFormatError(`type ${String(array.dtype)} cannot be written; use one of ${dtypeNames.join(', ')}`);
  if (!row.holds(array.data))
    throw new ArrayFormatError(`the data of a ${array.dtype} array are of another typed array`);
  const count = countOf(array.shape);
  if (count !== array.data.length) {
    throw new ArrayFormatError(
      `shape (${array.shape.join(', ')}) has ${count} elements and the data ${array.data.length}`,
    );
  }
  const shape = array.shape.length === 1 ? `(${array.shape[0]},)` : `(${array.shape.join(', ')})`;
  const dictionary = `{'descr': '${row.descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const padding = (ALIGN - ((PREFIX_BYTES + dictionary.length + 1) % ALIGN)) % ALIGN;
  const header = Buffer.from(`${dictionary}${' '.repeat(padding)}\n`, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  const { buffer, byteOffset, byteLength } = array.data;
  return Buffer.concat([MAGIC, length, header, Buffer.from(buffer, byteOffset, byteLength)]);
}

/**
 * Reads a .npy file of one of the types of `dtypes.ts`. The result owns its memory.
 * @throws ArrayFormatError for anything else than version 1.0, C order, little endian, exact length; LimitError
 */
export function decodeNpy(bytes: Uint8Array, own: Partial<Limits> = {}): NdArray {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!file.subarray(0, 6).equals(MAGIC.subarray(0, 6)))
    throw new ArrayFormatError('this is no .npy file; save it with numpy.save');
  if (file.length < PREFIX_BYTES) throw new ArrayFormatError('this .npy file is cut short; save it again');
  if (file[6] !== 1 || file[7] !== 0) {
    throw new ArrayFormatError(`.npy version ${file[6]}.${file[7]} is not read; save a plain array (version 1.0)`);
  }
  const start = PREFIX_BYTES + file.readUInt16LE(MAGIC.length);
  if (start > file.length) throw new ArrayFormatError('this .npy file is cut short in its header; save it again');
  const { descr, fortran, shape } = parseHeader(file.toString('latin1', PREFIX_BYTES, start));

  const dtype = dtypeNames.find(
    (name) => dtypes[name].descr === descr || dtypes[name].descr.replace('|', '<') === descr,
  );
  if (!dtype)
    throw new ArrayFormatError(`type ${descr} is not read; convert with astype to one of ${dtypeNames.join(', ')}`);
  if (fortran) throw new ArrayFormatError('the array is in Fortran order; save numpy.ascontiguousarray(x)');
  const row = dtypes[dtype];
  const size = countOf(shape) * row.bytes;
  const max = limitsWith(own).arrayBytes;
  if (size > max) throw new LimitError('the array', size, max, 'bytes', 'save a part of it');
  if (size !== file.length - start) {
    throw new ArrayFormatError(
      `shape (${shape.join(', ')}) needs ${size} bytes and the file holds ${file.length - start}; save it again`,
    );
  }
  const data = new ArrayBuffer(size);
  new Uint8Array(data).set(file.subarray(start));
  return row.make(shape, data);
}

/** Number of elements; 1 for a scalar. */
function countOf(shape: readonly number[]): number {
  if (shape.length > MAX_DIMENSIONS)
    throw new ArrayFormatError(`${shape.length} dimensions; NumPy has at most ${MAX_DIMENSIONS}`);
  const count = shape.reduce((product, length) => product * length, 1);
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0) || !Number.isSafeInteger(count)) {
    throw new ArrayFormatError(`shape (${shape.join(', ')}) is no shape; lengths must be integers from 0`);
  }
  return count;
}

const ENTRY = /\s*'(\w{1,32})'\s*:\s*('[^'\\]{1,32}'|True|False|\([\d\s,]*\))\s*(,|(?=\}))/y;

/** The header is a Python dictionary of exactly three known keys; nothing else is understood. */
function parseHeader(text: string): { descr: string; fortran: boolean; shape: number[] } {
  const body = text.trim();
  const entries = new Map<string, string>();
  ENTRY.lastIndex = 1;
  for (let match = ENTRY.exec(body); match; match = ENTRY.exec(body)) {
    if (entries.has(match[1]!)) throw badHeader();
    entries.set(match[1]!, match[2]!);
    if (entries.size === 3) {
      if (!/^\s*\}$/.test(body.slice(ENTRY.lastIndex))) throw badHeader();
      break;
    }
  }
  const descr = /^'(.+)'$/.exec(entries.get('descr') ?? '')?.[1];
  const order = entries.get('fortran_order');
  const shape = /^\(\s*((?:\d{1,16}\s*,\s*)*)(\d{1,16})?\s*\)$/.exec(entries.get('shape') ?? '');
  if (body[0] !== '{' || !descr || !shape || (order !== 'True' && order !== 'False')) throw badHeader();
  // "(3)" is a number in Python, not a tuple.
  if (shape[2] !== undefined && shape[1] === '') throw badHeader();
  return { descr, fortran: order === 'True', shape: (shape[0].match(/\d+/g) ?? []).map(Number) };
}

const badHeader = () =>
  new ArrayFormatError('the header of this .npy file is malformed; save it again with numpy.save');
