// The CLIP text tokenizer against the reference, text by text.
import { clipTokenizer } from '@tessera/models';
import { describe, expect, it } from 'vitest';
import { goldenJson } from '../../src/index.ts';

const golden = goldenJson('clip-tokenizer.json') as readonly {
  readonly text: string;
  readonly ids: readonly number[];
}[];

describe('CLIP byte-pair encoder', () => {
  const loading = clipTokenizer({ contextLength: 77 });
  it.each(golden)('$text', async ({ text, ids }) => {
    const tokenizer = await loading;
    expect(Array.from(tokenizer.encode(text, { allowEmpty: true }).ids)).toEqual(ids);
  });
});
