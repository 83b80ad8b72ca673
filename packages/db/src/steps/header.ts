// The head of a packed batch: what its columns hold, as JSON, and everything that is rare.
import { StepFormatError } from '../errors.ts';

export interface BatchHeader {
  readonly first: number;
  readonly count: number;
  readonly positions: number;
  /** Bits per index, or values per position of vectors. */
  readonly tokens: { readonly bits: number } | { readonly channels: number };
  /** Kinds of the objectives, in their order. */
  readonly terms: readonly string[];
  /** Positions that changed at the first step: its predecessor is in another batch. */
  readonly changed: readonly number[];
  /** Live changes by step, as offsets from `first`. */
  readonly steering: readonly (readonly [number, readonly object[]])[];
}

const isCount = (value: unknown, max: number): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws StepFormatError when a field is missing or no sane number */
export function parseHeader(bytes: Uint8Array): BatchHeader {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new StepFormatError('the head is no JSON.');
  }
  if (!isHeader(json)) throw new StepFormatError('the head lacks a field or has a wrong one.');
  return json;
}

function isHeader(json: unknown): json is BatchHeader {
  if (!isObject(json)) return false;
  const { first, count, positions, tokens, terms, changed, steering } = json as Record<string, unknown>;
  if (!isCount(first, 2 ** 31 - 1) || !isCount(count, 2 ** 20) || count === 0) return false;
  if (!isCount(positions, 2 ** 20) || !isObject(tokens)) return false;
  const { bits, channels } = tokens as Record<string, unknown>;
  if (!(isCount(bits, 16) && bits > 0) && !isCount(channels, 2 ** 16)) return false;
  const strings = Array.isArray(terms) && terms.length <= 64 && terms.every((term) => typeof term === 'string');
  const places = Array.isArray(changed) && changed.every((position) => isCount(position, positions - 1));
  const changes =
    Array.isArray(steering) &&
    steering.every(
      (entry) =>
        Array.isArray(entry) && isCount(entry[0], count - 1) && Array.isArray(entry[1]) && entry[1].every(isObject),
    );
  return strings && places && changes;
}
