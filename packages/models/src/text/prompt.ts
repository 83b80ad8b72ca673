// Cleaning of prompts, as the models' own tokenizers do it before they look at words.
import { EmptyPromptError, PromptCharacterError } from './errors.ts';

/** Control characters except tab, line feed and carriage return (which count as spaces), and lone surrogates. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const unwanted = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/u;

/** Refuses what cannot be a prompt. @throws EmptyPromptError, PromptCharacterError */
export function checkPrompt(text: string, allowEmpty: boolean): void {
  const found = unwanted.exec(text);
  if (found) throw new PromptCharacterError(found[0].codePointAt(0) ?? 0, found.index);
  if (!allowEmpty && text.trim() === '') throw new EmptyPromptError(text);
}

/** Named character references people paste from web pages. Numeric ones are all read. */
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  copy: '©',
  reg: '®',
  trade: '™',
  deg: '°',
  middot: '·',
  times: '×',
  bull: '•',
  euro: '€',
};

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,8}));/g, (whole, decimal, hex, name) => {
    if (name) return Object.hasOwn(entities, name) ? (entities[name] ?? whole) : whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    const valid =
      code > 31 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) && !(code >= 0x7f && code <= 0x9f);
    return valid ? String.fromCodePoint(code) : whole;
  });
}

/**
 * The text as open_clip cleans it: typographic quotes, ligatures and full-width letters made plain, NFC, HTML references
 * read twice, runs of spaces made one, lower case. Not done: guessing text that was decoded with the wrong encoding.
 */
export function cleanForClip(text: string): string {
  const plain = text
    .replace(/[\u02bc\u2018-\u201b]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/[\ufb00-\ufb06\uff01-\uffef\u3000]/g, (c) => c.normalize('NFKC'))
    .replace(/[\ufeff\u206a-\u206f\ufff9-\ufffc]/g, '')
    .normalize('NFC');
  return unescapeHtml(unescapeHtml(plain)).replace(/\s+/g, ' ').trim().toLowerCase();
}

/** The text as SigLIP's own preparation makes it: lower case, ASCII punctuation removed, single spaces. */
export function cleanForSiglip(text: string): string {
  return text
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
