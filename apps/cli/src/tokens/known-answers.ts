// Published tokens of known images: what a checkpoint must give if it is read and computed correctly.
import type { Tokens } from '@tessera/engine';

export interface KnownAnswer {
  /** The image, in words. */
  readonly image: string;
  readonly indices: readonly number[];
  /** Agreeing positions from which the check passes: resampling and arithmetic may move an index that was nearly another. */
  readonly least: number;
}

/** By model id. Source: the README of the TiTok repository (bytedance/1d-tokenizer). */
export const KNOWN_ANSWERS: Readonly<Record<string, KnownAnswer>> = {
  'vq-ll-32': {
    image: 'ImageNet validation image 00010240',
    // biome-ignore format: four rows of eight
    indices: [
      887, 3979, 349, 720, 2809, 2743, 2101, 603,
      2205, 1508, 1891, 4015, 1317, 2956, 3774, 2296,
      484, 2612, 3472, 2330, 3140, 3113, 1056, 3779,
      654, 2360, 1901, 2908, 2169, 953, 1326, 2598,
    ],
    least: 30,
  },
};

/** Positions where tokens are those of the answer. */
export function agreeing({ indices }: KnownAnswer, tokens: Tokens): number[] {
  if (tokens.kind !== 'indices') return [];
  return indices.flatMap((index, position) => (tokens.data[position] === index ? [position] : []));
}
