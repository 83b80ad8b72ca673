// Text tokenizers: CLIP against recorded ids of open_clip, SigLIP against hand-computed pieces, the pocket words, bad prompts.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clipTokenizer } from '../../src/text/clip-tokenizer.ts';
import { EmptyPromptError, PromptCharacterError, TokenizerFileError } from '../../src/text/errors.ts';
import { loadTextTokenizer } from '../../src/text/load.ts';
import { siglipTokenizer } from '../../src/text/siglip-tokenizer.ts';
import type { TextTokenizer } from '../../src/text/text-tokenizer.ts';
import { wordTokenizer } from '../../src/text/word-tokenizer.ts';

const golden: { text: string; ids: number[] }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/clip-tokenizer.json'), 'utf8'),
);
const folder = mkdtempSync(join(tmpdir(), 'tessera-text-'));
afterAll(() => rmSync(folder, { recursive: true }));
const save = (name: string, content: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

describe('CLIP', () => {
  let clip: TextTokenizer;
  beforeAll(async () => {
    clip = await clipTokenizer();
  });

  it.each(golden)('gives the recorded ids of $text', ({ text, ids }) => {
    const encoded = clip.encode(text, { allowEmpty: true });
    expect([...encoded.ids]).toEqual(ids);
    expect(encoded.used).toBe(ids.indexOf(49407) + 1);
    expect(encoded.unknown).toEqual([]);
  });

  it('has recorded texts to compare with', () => expect(golden.length).toBeGreaterThan(10));

  it('counts the tokens it cut', () => {
    expect(clip.encode('a '.repeat(75)).truncated).toBe(0);
    const long = clip.encode('a '.repeat(100));
    expect(long).toMatchObject({ truncated: 25, used: 77 });
    expect(long.ids[76]).toBe(49407);
  });

  it('honours another context length', async () => {
    const short = await clipTokenizer({ contextLength: 5 });
    expect([...short.encode('a photo of a dog').ids]).toEqual([49406, 320, 1125, 539, 49407]);
    expect(short.encode('a photo of a dog').truncated).toBe(2);
  });

  it('reads typographic, full-width and escaped text as the plain text', () => {
    const plain = [...clip.encode('it\'s a "red" fish & chips').ids];
    for (const text of [
      'it’s a “red” ﬁsh &amp; chips',
      'Ｉt‘s　a ＂red＂ fish &amp;amp; chips',
      'it&#39;s a &quot;red&#x22; fi&#115;h & chips',
    ]) {
      expect([...clip.encode(text).ids], text).toEqual(plain);
    }
    expect([...clip.encode('cafe\u0301').ids]).toEqual([...clip.encode('café').ids]);
  });

  it('takes special tokens in a prompt as text', () => {
    const { ids } = clip.encode('a <end_of_text> dog <|endoftext|>');
    expect(ids.indexOf(49407)).toBe(ids.lastIndexOf(49407));
  });
});

describe('pocket words', () => {
  const vocab = { '<pad>': 0, '<unk>': 1, '<sot>': 2, a: 3, red: 4, car: 5, '3d': 6, constructor: 7, '<eot>': 8 };
  let words: TextTokenizer;
  beforeAll(async () => {
    words = await wordTokenizer(save('vocab.json', vocab), { contextLength: 8 });
  });

  it('looks words up, drops punctuation and names unknown words once', () => {
    const encoded = words.encode('A Red, 3D-car: zeppelin/zeppelin!');
    expect([...encoded.ids]).toEqual([2, 3, 4, 6, 5, 1, 1, 8]);
    expect(encoded).toMatchObject({ used: 8, truncated: 0, unknown: ['zeppelin'] });
    expect([...words.encode('a car').ids]).toEqual([2, 3, 5, 8, 0, 0, 0, 0]);
  });

  it('does not mistake inherited names for words', () => {
    expect(words.encode('toString __proto__').unknown).toEqual(['tostring', 'proto']);
    expect(words.encode('constructor').unknown).toEqual([]);
  });

  it('counts cut words', () => expect(words.encode('a '.repeat(20))).toMatchObject({ used: 8, truncated: 14 }));

  it('refuses a file that is no vocabulary', async () => {
    await expect(wordTokenizer(save('bad.json', '{'), { contextLength: 8 })).rejects.toThrow(TokenizerFileError);
    await expect(wordTokenizer(save('bad.json', { a: 'x' }), { contextLength: 8 })).rejects.toThrow(
      /no table of words/,
    );
    await expect(wordTokenizer(save('bad.json', { a: 1 }), { contextLength: 8 })).rejects.toThrow(/<unk> is missing/);
  });
});

describe('SigLIP', () => {
  // Pieces with log probabilities such that the best path of "redcar" is "▁red" + "car", not "▁re" + "dcar".
  const vocab: [string, number][] = [
    ['<pad>', 0],
    ['</s>', 0],
    ['<unk>', 0],
    ['▁', -2],
    ['▁a', -1],
    ['▁re', -3],
    ['▁red', -2],
    ['car', -2],
    ['dcar', -5],
    ['c', -6],
    ['a', -4],
    ['r', -4],
  ];
  const definition = {
    model: { type: 'Unigram', unk_id: 2, vocab },
    added_tokens: [{ id: 1, content: '</s>', special: true }],
    normalizer: null,
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', add_prefix_space: true },
    post_processor: null,
    decoder: null,
  };
  let siglip: TextTokenizer;
  beforeAll(async () => {
    siglip = await siglipTokenizer(save('tokenizer.json', definition), { contextLength: 6 });
  });

  it('finds the likeliest pieces, ends and pads with </s>', () => {
    const encoded = siglip.encode('A, redCAR!');
    expect([...encoded.ids]).toEqual([4, 6, 7, 1, 1, 1]);
    expect(encoded).toMatchObject({ used: 4, truncated: 0, unknown: [] });
  });

  it('names words with unknown pieces, counts what it cut', () => {
    expect(siglip.encode('a q-zz q').unknown).toEqual(['qzz', 'q']);
    expect(siglip.encode('a a a a a a a a')).toMatchObject({ used: 6, truncated: 3 });
  });

  it('refuses punctuation only, and files that are no tokenizer', async () => {
    expect(() => siglip.encode('?!')).toThrow(EmptyPromptError);
    await expect(siglipTokenizer(save('bad.json', { x: 1 }))).rejects.toThrow(/no tokenizer definition/);
    await expect(siglipTokenizer(save('bad.json', { model: { type: 'Magic' } }))).rejects.toThrow(TokenizerFileError);
    await expect(siglipTokenizer(join(folder, 'absent.json'))).rejects.toThrow(TokenizerFileError);
  });
});

describe('every tokenizer', () => {
  let all: TextTokenizer[];
  beforeAll(async () => {
    const words = save('words.json', { '<pad>': 0, '<unk>': 1, '<sot>': 2, '<eot>': 3 });
    const clipModel = {
      kind: 'clip',
      folder,
      config: { text: { contextLength: 77, vocabSize: 49_408 } },
      tokenizerFiles: {},
    } as const;
    all = [
      await loadTextTokenizer(clipModel),
      await loadTextTokenizer({
        ...clipModel,
        config: { text: { contextLength: 20, vocabSize: 4 } },
        tokenizerFiles: { words },
      }),
    ];
  });

  it('refuses empty prompts, control characters and broken surrogates', () => {
    for (const tokenizer of all) {
      for (const text of ['', '  \n\t ']) expect(() => tokenizer.encode(text)).toThrow(EmptyPromptError);
      expect(() => tokenizer.encode('a\u0000b')).toThrow(PromptCharacterError);
      expect(() => tokenizer.encode('a red\u001b[31m car')).toThrow(/control character \(U\+001B\) at position 5/);
      expect(() => tokenizer.encode('\ud83d')).toThrow(/half of a character \(U\+D83D\) at position 0/);
      expect(() => tokenizer.encode('🐶 dog')).not.toThrow();
      expect(tokenizer.encode('', { allowEmpty: true }).used).toBe(2);
    }
  });

  it('says when no tokenizer fits', async () => {
    const config = { text: { contextLength: 16, vocabSize: 512 } };
    await expect(loadTextTokenizer({ kind: 'clip', folder, config, tokenizerFiles: {} })).rejects.toThrow(
      /no tokenizer has a vocabulary of 512/,
    );
    await expect(loadTextTokenizer({ kind: 'siglip', folder, config, tokenizerFiles: {} })).rejects.toThrow(
      /tokenizer.json is missing/,
    );
  });

  it('stays quick on very long prompts', () => {
    for (const tokenizer of all) {
      const started = performance.now();
      expect(tokenizer.encode('ab'.repeat(20_000)).used).toBeGreaterThan(2);
      expect(performance.now() - started).toBeLessThan(50_000);
    }
  });
});
