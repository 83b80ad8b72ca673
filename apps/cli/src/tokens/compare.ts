// Where two sets of tokens differ, and the one made of both.
import type { Tokens } from '@tessera/engine';
import { UsageError } from '../errors.ts';

export interface TokenDifference {
  readonly position: number;
  /** Codebook indices; absent for vectors. */
  readonly a?: number;
  readonly b?: number;
  /** Euclidean distance between the two token vectors. */
  readonly distance: number;
}

/** @param vectors the same tokens as vectors [tokens, channels] */
export function differences(
  a: Tokens,
  b: Tokens,
  vectors: readonly [Float32Array, Float32Array],
  count: number,
): TokenDifference[] {
  const channels = vectors[0].length / count;
  const row = (x: Float32Array, i: number) => x.subarray(i * channels, (i + 1) * channels);
  return Array.from({ length: count }, (_, position) => {
    const [from, to] = [row(vectors[0], position), row(vectors[1], position)];
    const distance = Math.hypot(...from.map((x, i) => x - to[i]!));
    const indices = a.kind === 'indices' && b.kind === 'indices' ? { a: a.data[position]!, b: b.data[position]! } : {};
    return { position, ...indices, distance };
  }).filter(({ a: from, b: to, distance }) => (from === undefined ? distance > 0 : from !== to));
}

/** `into` with the tokens of `from` at `positions`. @throws UsageError for a position that is not there, or for indices beside vectors */
export function paste(from: Tokens, into: Tokens, positions: readonly number[], count: number): Tokens {
  if (from.kind !== into.kind)
    throw new UsageError(`one file holds ${from.kind}, the other ${into.kind}: give two of one kind`);
  const beyond = positions.find((position) => position >= count);
  if (beyond !== undefined)
    throw new UsageError(`--positions: there is no position ${beyond}; they go from 0 to ${count - 1}`);
  const data = into.data.slice();
  const width = data.length / count;
  for (const position of positions) {
    data.set(from.data.subarray(position * width, (position + 1) * width), position * width);
  }
  return data instanceof Float32Array ? { kind: 'vectors', data } : { kind: 'indices', data };
}
