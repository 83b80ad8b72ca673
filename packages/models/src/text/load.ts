// Picks the text tokenizer that belongs to an image-text model.
import { clipTokenizer, clipVocabularySize } from './clip-tokenizer.ts';
import { TokenizerFileError } from './errors.ts';
import { siglipTokenizer } from './siglip-tokenizer.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { wordTokenizer } from './word-tokenizer.ts';

/** What decides on the tokenizer; a resolved CLIP or SigLIP model has these fields. */
export interface TextModel {
  readonly kind: 'clip' | 'siglip';
  readonly folder: string;
  readonly config: { readonly text: { readonly contextLength: number; readonly vocabSize: number } };
  readonly tokenizerFiles: { readonly words?: string; readonly definition?: string };
}

/**
 * The tokenizer of a model: its own word list where it has one, CLIP's byte pairs for CLIP's vocabulary, SigLIP's file for SigLIP.
 * @throws TokenizerFileError when none fits
 */
export async function loadTextTokenizer({ kind, folder, config, tokenizerFiles }: TextModel): Promise<TextTokenizer> {
  const { contextLength, vocabSize } = config.text;
  const { words, definition } = tokenizerFiles;
  if (words) return wordTokenizer(words, { contextLength });
  if (kind === 'siglip') {
    if (definition) return siglipTokenizer(definition, { contextLength });
    throw new TokenizerFileError(
      folder,
      'tokenizer.json is missing',
      'SigLIP needs it beside its weights, pull the model again',
    );
  }
  if (vocabSize === clipVocabularySize) return clipTokenizer({ contextLength });
  throw new TokenizerFileError(
    folder,
    `no tokenizer has a vocabulary of ${vocabSize}`,
    `CLIP has ${clipVocabularySize}, another needs a vocab.json of words`,
  );
}
