// Token files in, told apart by their content: what is in the last row, and what the file says of its tokenizer.

import { decodeNpz, sniff } from '@tessera/media';
import { type Checkpoint, parseSafetensors } from '@tessera/models';
import { BadInputError } from '../errors.ts';

export interface TokenFile {
  /** Of the last row. */
  readonly indices: readonly number[];
  /** Absent where the file names none. */
  readonly tokenizer?: { readonly id?: string; readonly sha256?: string };
}

const FIELD = 'uploadId';
/** As our own exports and the command line write it. */
const FORMAT = 'tessera-tokens-1';

/** @throws BadInputError naming what is wrong with the file; ArrayFormatError and LimitError of a damaged archive */
export function readTokenFile(bytes: Uint8Array): TokenFile {
  const kind = sniff(bytes)?.format;
  if (kind === 'zip') return fromNpz(bytes);
  if (kind !== undefined) throw wrong(`is ${kind}`);
  const head = new TextDecoder().decode(bytes.subarray(0, 64));
  if (/^\s*[[{]/.test(head)) return fromJson(bytes);
  if (/^[\w\s,;.+-]+$/.test(head)) return fromCsv(new TextDecoder().decode(bytes));
  return fromSafetensors(bytes);
}

function wrong(problem: string): BadInputError {
  return new BadInputError(FIELD, `${problem}; give .npz, .safetensors, JSON or CSV with a row of indices per step.`);
}

/** The last row of [rows, positions], or the one row there is. */
function lastRow(shape: readonly number[], data: ArrayLike<number | bigint>): number[] {
  const width = shape.length === 1 ? shape[0] : shape.length === 2 ? shape[1] : undefined;
  if (!width || data.length === 0 || data.length % width !== 0) {
    throw wrong(`holds tokens of the shape [${shape.join(', ')}]`);
  }
  return Array.from({ length: width }, (_, i) => Number(data[data.length - width + i]));
}

function fromNpz(bytes: Uint8Array): TokenFile {
  const arrays = decodeNpz(bytes);
  const indices = arrays.get('indices');
  if (!indices) throw wrong('has no array "indices"');
  const metadata = arrays.get('metadata');
  const facts = metadata?.dtype === 'uint8' ? parsed(new TextDecoder().decode(metadata.data)) : undefined;
  return { indices: lastRow(indices.shape, indices.data), ...tokenizerOf(facts) };
}

function fromSafetensors(bytes: Uint8Array): TokenFile {
  let file: Checkpoint;
  try {
    file = parseSafetensors(bytes, 'file');
  } catch (error) {
    throw wrong(`is no token file (${error instanceof Error ? error.message : String(error)})`);
  }
  const entry = file.tensors.get('indices');
  if (!entry) throw wrong('has no tensor "indices"');
  const facts = parsed(file.metadata.get('metadata') ?? 'null');
  return { indices: lastRow(entry.shape, integersOf(file)), ...tokenizerOf(facts) };
}

function integersOf(file: Checkpoint): ArrayLike<number> {
  try {
    return file.readIntegers('indices');
  } catch (error) {
    throw wrong(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** `{ tokenizer?, indices: [[...]] }` as we write it, or only the lists. */
function fromJson(bytes: Uint8Array): TokenFile {
  const json = parsed(new TextDecoder().decode(bytes));
  const facts = isRecord(json) ? json : undefined;
  const rows = facts ? facts.indices : json;
  const row: unknown = Array.isArray(rows) && Array.isArray(rows.at(-1)) ? rows.at(-1) : rows;
  if (!Array.isArray(row) || row.length === 0) throw wrong('holds no list of indices');
  return { indices: row.map((value) => (typeof value === 'number' ? value : Number.NaN)), ...tokenizerOf(facts) };
}

/** One row per line; a line of names may come first, and then a column `step` is no token. */
function fromCsv(text: string): TokenFile {
  const rows = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(/[,;]/).map((cell) => cell.trim()));
  const names = rows[0]?.some((cell) => Number.isNaN(Number(cell))) ? rows.shift() : undefined;
  const last = rows.at(-1);
  if (!last) throw wrong('holds no row of indices');
  const isToken = (i: number) => names === undefined || /^(t|token|position|p)?[ _-]?\d+$/i.test(names[i] ?? '');
  return { indices: last.filter((_, i) => isToken(i)).map((cell) => (cell === '' ? Number.NaN : Number(cell))) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong('holds JSON that is damaged');
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function tokenizerOf(facts: unknown): Pick<TokenFile, 'tokenizer'> {
  if (!isRecord(facts) || !isRecord(facts.tokenizer)) return {};
  if (facts.format !== undefined && facts.format !== FORMAT) throw wrong(`is of the format ${String(facts.format)}`);
  const { id, sha256 } = facts.tokenizer;
  return { tokenizer: { ...(typeof id === 'string' && { id }), ...(typeof sha256 === 'string' && { sha256 }) } };
}
