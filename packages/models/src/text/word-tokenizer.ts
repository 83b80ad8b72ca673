// The pocket model's tokenizer: whole words of a small closed vocabulary.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { EmptyPromptError, TokenizerFileError } from './errors.ts';
import { checkPrompt } from './prompt.ts';
import { frame, type TextTokenizer } from './text-tokenizer.ts';

const Vocabulary = z.record(z.string(), z.int().nonnegative());

/**
 * A tokenizer over `vocab.json` (word -> id, with `<pad>`, `<unk>`, `<sot>`, `<eot>`). Text is lower-cased and split on spaces
 * and punctuation, which are dropped; a word that is not listed becomes `<unk>` and is reported.
 * @throws TokenizerFileError
 */
export async function wordTokenizer(
  file: string,
  { contextLength }: { readonly contextLength: number },
): Promise<TextTokenizer> {
  const ids = await readVocabulary(file);
  const special = (name: string) => {
    const id = ids.get(name);
    if (id === undefined)
      throw new TokenizerFileError(
        file,
        `the entry ${name} is missing`,
        'a word vocabulary has <pad>, <unk>, <sot> and <eot>',
      );
    return id;
  };
  const unk = special('<unk>');
  const framing = { contextLength, start: special('<sot>'), end: special('<eot>'), pad: special('<pad>') };
  return {
    contextLength,
    encode(text, { allowEmpty = false } = {}) {
      checkPrompt(text, allowEmpty);
      const words =
        text
          .normalize('NFC')
          .toLowerCase()
          .match(/[\p{L}\p{N}]+/gu) ?? [];
      if (words.length === 0 && !allowEmpty) throw new EmptyPromptError(text);
      const body = words.map((word) => ids.get(word) ?? unk);
      return { ...frame(body, framing), unknown: [...new Set(words.filter((word) => !ids.has(word)))] };
    },
  };
}

async function readVocabulary(file: string): Promise<Map<string, number>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new TokenizerFileError(file, 'it cannot be read as JSON', 'a word vocabulary maps words to ids');
  }
  const parsed = Vocabulary.safeParse(json);
  if (!parsed.success)
    throw new TokenizerFileError(file, 'it is no table of words and ids', 'a word vocabulary maps words to ids');
  return new Map(Object.entries(parsed.data));
}
