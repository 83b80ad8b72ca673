// CLIP's byte-pair encoder: OpenAI's merges run by @huggingface/tokenizers, exact on open_clip's ids.
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Tokenizer } from '@huggingface/tokenizers';
import { checkPrompt, cleanForClip } from './prompt.ts';
import { frame, type TextTokenizer } from './text-tokenizer.ts';

/** Ids of the vocabulary, start and end of text included. */
export const clipVocabularySize = 49_408;
const startOfText = 49_406;
const endOfText = 49_407;
/** Merges used of the file's 262,144: the vocabulary less 256 bytes, 256 bytes at a word's end, and two special tokens. */
const merges = clipVocabularySize - 2 * 256 - 2;

const asset = new URL('../../assets/bpe_simple_vocab_16e6.txt.gz', import.meta.url);

/** CLIP's words: contractions, runs of letters, single digits, runs of anything else. */
const words = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

let loading: Promise<Tokenizer> | undefined;

/** A third of a second on an idle core and about 70 MB, so at most once per process. */
function bytePairs(): Promise<Tokenizer> {
  loading ??= loadBytePairs();
  return loading;
}

async function loadBytePairs(): Promise<Tokenizer> {
  const text = (await promisify(gunzip)(await readFile(asset))).toString('utf8');
  const pairs = text.split('\n').slice(1, 1 + merges);
  const bytes = byteSymbols();
  const symbols = [...bytes, ...bytes.map((b) => `${b}</w>`), ...pairs.map((pair) => pair.replace(' ', ''))];
  const vocab = Object.fromEntries(symbols.map((symbol, id) => [symbol, id]));
  const definition = {
    model: { type: 'BPE', vocab, merges: pairs, end_of_word_suffix: '</w>', unk_token: null },
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: words }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: null,
    added_tokens: [],
  };
  return new Tokenizer(definition, {});
}

/** The printable stand-ins of the 256 bytes, in the order of CLIP's vocabulary: visible Latin-1 first, then the others. */
function byteSymbols(): string[] {
  const visible = (b: number) => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
  const all = Array.from({ length: 256 }, (_, b) => b);
  const hidden = all.filter((b) => !visible(b));
  return [
    ...all.filter(visible).map((b) => String.fromCharCode(b)),
    ...hidden.map((_, i) => String.fromCharCode(256 + i)),
  ];
}

/** CLIP's tokenizer. Special tokens written in a prompt are ordinary text: they must not move the end of the text. */
export async function clipTokenizer({
  contextLength = 77,
}: {
  readonly contextLength?: number;
} = {}): Promise<TextTokenizer> {
  const tokenizer = await bytePairs();
  return {
    contextLength,
    encode(text, { allowEmpty = false } = {}) {
      checkPrompt(text, allowEmpty);
      const { ids } = tokenizer.encode(cleanForClip(text), { add_special_tokens: false });
      return { ...frame(ids, { contextLength, start: startOfText, end: endOfText, pad: 0 }), unknown: [] };
    },
  };
}
