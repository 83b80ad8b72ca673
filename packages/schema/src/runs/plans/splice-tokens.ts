// Tokens of one step with some taken from another, or set by index.
import { BadInputError } from '../../errors.ts';

export interface PlacedToken {
  readonly position: number;
  readonly token: number;
}

/** The tokens of `base` with those of `other` at `positions`. @throws BadInputError */
export function mergeIndices(
  base: ArrayLike<number>,
  other: ArrayLike<number>,
  positions: readonly number[],
): number[] {
  return mergeVectors(base, other, positions, base.length);
}

/** The same for vectors [count, channels]. @throws BadInputError */
export function mergeVectors(
  base: ArrayLike<number>,
  other: ArrayLike<number>,
  positions: readonly number[],
  count: number,
): number[] {
  if (positions.length === 0) throw new BadInputError('positions', 'are empty; name at least one.');
  const merged = Array.from(base);
  const channels = base.length / count;
  positions.forEach((position, i) => {
    checkPosition(position, count, `positions.${i}`);
    for (let c = position * channels; c < (position + 1) * channels; c++) merged[c] = other[c]!;
  });
  return merged;
}

/** The tokens of `base` with some set. The last one given for a position counts. @throws BadInputError */
export function pasteTokens(base: Int32Array, tokens: readonly PlacedToken[], codebookSize: number): number[] {
  if (tokens.length === 0) throw new BadInputError('tokens', 'are empty; name at least one position and its token');
  const pasted = Array.from(base);
  tokens.forEach(({ position, token }, i) => {
    checkPosition(position, base.length, `tokens.${i}.position`);
    checkToken(token, codebookSize, `tokens.${i}.token`);
    pasted[position] = token;
  });
  return pasted;
}

/** Indices for a whole picture. @throws BadInputError */
export function checkIndices(indices: readonly number[], positions: number, codebookSize: number, field: string): void {
  if (indices.length !== positions) {
    throw new BadInputError(field, `are ${indices.length}; this tokenizer has ${positions} positions`);
  }
  indices.forEach((token, i) => {
    checkToken(token, codebookSize, `${field}.${i}`);
  });
}

function checkPosition(position: number, positions: number, field: string): void {
  if (!Number.isInteger(position) || position < 0 || position >= positions) {
    throw new BadInputError(field, `is ${position}; positions are 0 to ${positions - 1}`);
  }
}

function checkToken(token: number, codebookSize: number, field: string): void {
  if (!Number.isInteger(token) || token < 0 || token >= codebookSize) {
    throw new BadInputError(field, `is ${token}; tokens of this codebook are 0 to ${codebookSize - 1}`);
  }
}
