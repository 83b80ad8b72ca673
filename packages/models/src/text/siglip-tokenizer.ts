// SigLIP's tokenizer: the `tokenizer.json` of the model folder (SentencePiece unigram), run by @huggingface/tokenizers.
import { readFile } from 'node:fs/promises';
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { EmptyPromptError, TokenizerFileError } from './errors.ts';
import { checkPrompt, cleanForSiglip } from './prompt.ts';
import { frame, type TextTokenizer } from './text-tokenizer.ts';

/** What we rely on; the rest is the library's business. */
const Definition = z.looseObject({
  model: z.looseObject({ type: z.string() }),
  added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })).default([]),
  normalizer: z.unknown().default(null),
  pre_tokenizer: z.unknown().default(null),
  post_processor: z.unknown().default(null),
  decoder: z.unknown().default(null),
});

/** SigLIP ends every text with `</s>` and pads with it, too: its text tower pools the last position. */
const endToken = '</s>';

/**
 * The tokenizer of a SigLIP folder. Texts are lower-cased and stripped of punctuation before the pieces are looked up, as the
 * model was trained. @throws TokenizerFileError
 */
export async function siglipTokenizer(
  file: string,
  { contextLength = 64 }: { readonly contextLength?: number } = {},
): Promise<TextTokenizer> {
  const tokenizer = await load(file);
  const end = tokenizer.token_to_id(endToken);
  if (end === undefined)
    throw new TokenizerFileError(file, `it has no token ${endToken}`, 'give the tokenizer.json of a SigLIP model');
  const unk = tokenizer.token_to_id('<unk>');
  const pieces = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids;
  return {
    contextLength,
    encode(text, { allowEmpty = false } = {}) {
      checkPrompt(text, allowEmpty);
      const clean = cleanForSiglip(text);
      if (clean === '' && !allowEmpty) throw new EmptyPromptError(text);
      const body = clean === '' ? [] : pieces(clean);
      const isUnknown = (word: string) => unk !== undefined && pieces(word).includes(unk);
      const unknown = unk !== undefined && body.includes(unk) ? [...new Set(clean.split(' '))].filter(isUnknown) : [];
      return { ...frame(body, { contextLength, end, pad: end }), unknown };
    },
  };
}

async function load(file: string): Promise<Tokenizer> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    throw new TokenizerFileError(file, 'it cannot be read as JSON', 'pull the model again');
  }
  const definition = Definition.safeParse(json);
  if (!definition.success)
    throw new TokenizerFileError(file, 'it is no tokenizer definition', 'give the tokenizer.json of a SigLIP model');
  try {
    return new Tokenizer(definition.data, { eos_token: endToken });
  } catch (error) {
    throw new TokenizerFileError(
      file,
      `the tokenizer cannot be built (${error instanceof Error ? error.message : error})`,
      'give the tokenizer.json of a SigLIP model',
    );
  }
}
