// Text as it is searched: lower case and normalised here, because databases differ in what they know of letters.

/** Words of all texts, for the column that the full-text index reads. */
export function searchText(texts: readonly string[]): string {
  return texts.flatMap(wordsOf).join(' ');
}

/** Letters and digits of any script, in lower case, without accents. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** A tsquery that asks for every word, the last one as a prefix; undefined where there is no word. */
export function tsQuery(text: string): string | undefined {
  const words = wordsOf(text);
  return words.length === 0
    ? undefined
    : words.map((word, i) => (i === words.length - 1 ? `${word}:*` : word)).join(' & ');
}
