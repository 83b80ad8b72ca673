// Token files in: read by content, and checked before anything believes them.
import type { Tokens } from '@tessera/engine';
import { decodeNpz, sniff } from '@tessera/media';
import { parseSafetensors } from '@tessera/models';
import { InputError } from '../errors.ts';
import { readInput } from '../run/read-input.ts';
import { TOKEN_FORMAT } from './history.ts';

export interface TokenRows {
  readonly tokenizer: { readonly id: string; readonly sha256: string };
  /** Step of each row. */
  readonly steps: readonly number[];
  readonly rows: readonly Tokens[];
}

/** A token history of 20,000 steps of 256 tokens has 100 MB as JSON. */
const MAX_BYTES = 256 * 1024 * 1024;

interface RawArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

interface Raw {
  readonly facts: unknown;
  array(name: string): RawArray | undefined;
}

/** @throws InputError naming what is wrong with the file */
export async function readTokens(file: string): Promise<TokenRows> {
  const bytes = await readInput(file, MAX_BYTES);
  try {
    return rowsOf(open(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(file, `this is no token file of Tessera (${reason}); make one with tessera tokens encode`, {
      cause: error,
    });
  }
}

function open(bytes: Uint8Array): Raw {
  const kind = sniff(bytes)?.format;
  if (kind === 'zip') {
    const arrays = decodeNpz(bytes);
    const metadata = arrays.get('metadata');
    if (metadata?.dtype !== 'uint8') throw new Error('the array "metadata" is missing');
    return {
      facts: JSON.parse(new TextDecoder().decode(metadata.data)),
      array(name) {
        const found = arrays.get(name);
        if (!found) return undefined;
        if (found.dtype === 'int64' || found.dtype === 'float16')
          throw new Error(`"${name}" is ${found.dtype}, int32 or float32 is needed`);
        return found;
      },
    };
  }
  if (kind !== undefined) throw new Error(`it is ${kind}`);
  if (/^\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64)))) {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return { facts: json, array: (name) => jsonArray((json as Record<string, unknown>)[name]) };
  }
  const file = parseSafetensors(bytes, 'file');
  return {
    facts: JSON.parse(file.metadata.get('metadata') ?? 'null'),
    array(name) {
      const entry = file.tensors.get(name);
      if (!entry) return undefined;
      return { shape: entry.shape, data: name === 'vectors' ? file.read(name) : file.readIntegers(name) };
    },
  };
}

/** Lists in lists of numbers, as one list and its shape. */
function jsonArray(value: unknown): RawArray | undefined {
  if (!Array.isArray(value)) return undefined;
  const shape = [value.length];
  let level: unknown[] = value;
  while (Array.isArray(level[0])) {
    const width = level[0].length;
    if (!level.every((row) => Array.isArray(row) && row.length === width)) throw new Error('its rows differ in length');
    shape.push(width);
    level = level.flat();
  }
  if (!level.every((x) => typeof x === 'number')) throw new Error('it holds something else than numbers');
  return { shape, data: level };
}

function rowsOf({ facts, array }: Raw): TokenRows {
  const { format, tokenizer } = (facts ?? {}) as { format?: unknown; tokenizer?: { id?: unknown; sha256?: unknown } };
  if (format !== TOKEN_FORMAT) throw new Error(`its format is not ${TOKEN_FORMAT}`);
  if (typeof tokenizer?.id !== 'string' || typeof tokenizer.sha256 !== 'string')
    throw new Error('it names no tokenizer');
  const found = array('indices') ?? array('vectors');
  if (!found) throw new Error('it holds neither indices nor vectors');
  const isIndices = array('indices') !== undefined;
  const [count = 0, ...inner] = found.shape;
  if (count === 0 || inner.length !== (isIndices ? 1 : 2))
    throw new Error(`its tokens have shape [${found.shape.join(', ')}]`);
  const size = inner.reduce((a, b) => a * b, 1);
  const flat = Array.from(found.data);
  if (isIndices && !flat.every((x) => Number.isInteger(x) && x >= 0))
    throw new Error('an index is not a whole number from 0');
  if (!flat.every(Number.isFinite)) throw new Error('a value is not a finite number');
  const steps = Array.from(array('steps')?.data ?? []);
  if (steps.length !== count) throw new Error(`it has ${steps.length} steps and ${count} rows of tokens`);
  const rows = steps.map((_, i): Tokens => {
    const row = flat.slice(i * size, (i + 1) * size);
    return isIndices
      ? { kind: 'indices', data: Int32Array.from(row) }
      : { kind: 'vectors', data: Float32Array.from(row) };
  });
  return { tokenizer: { id: tokenizer.id, sha256: tokenizer.sha256 }, steps, rows };
}
