// Tokens by file name: from a token file of ours, or by encoding an image.
import type { Engine, LoadedTokenizer, ModelLibrary, Tokens } from '@tessera/engine';
import { checkTokens, PlanError } from '@tessera/engine';
import { type SquareFit, sniff } from '@tessera/media';
import { InputError } from '../errors.ts';
import { DEFAULT_TOKENIZER } from '../options/defaults.ts';
import { readInput } from '../run/read-input.ts';
import { readSeed } from '../run/seed.ts';
import { readTokens, type TokenRows } from './read-tokens.ts';

export interface LoadOptions {
  /** Default: the one a token file names, or the pocket tokenizer for an image. */
  readonly tokenizer?: string;
  readonly fit: SquareFit;
  /** Step of a history; default: its last. */
  readonly step?: number;
}

export interface TokenSource {
  readonly file: string;
  readonly tokenizer: LoadedTokenizer;
  /** Tokens, or an image [3, S, S] to encode. */
  readonly content: Tokens | { readonly kind: 'image'; readonly data: Float32Array };
}

const IMAGES = ['png', 'jpeg', 'webp'];
/** As much as an image may have. */
const MAX_BYTES = 256 * 1024 * 1024;

/** @throws InputError for a file that is neither, tokens of another tokenizer, or a step that is not there */
export async function readTokenSource(library: ModelLibrary, file: string, o: LoadOptions): Promise<TokenSource> {
  const format = sniff(await readInput(file, MAX_BYTES))?.format;
  if (format !== undefined && IMAGES.includes(format)) {
    const tokenizer = await library.tokenizer(o.tokenizer ?? DEFAULT_TOKENIZER);
    const image = await readSeed(file, tokenizer.tokenizer.imageSize, o.fit);
    return { file, tokenizer, content: { kind: 'image', data: image } };
  }
  const read = await readTokens(file);
  const tokenizer = await library.tokenizer(o.tokenizer ?? read.tokenizer.id);
  if (tokenizer.sha256 !== read.tokenizer.sha256) {
    throw new InputError(
      file,
      `its tokens belong to ${read.tokenizer.id} ${read.tokenizer.sha256.slice(0, 12)}…, not to ${tokenizer.id} ${tokenizer.sha256.slice(0, 12)}…; give that tokenizer with --tokenizer`,
    );
  }
  const tokens = rowAt(file, read, o.step);
  try {
    checkTokens(tokenizer, tokens);
  } catch (error) {
    if (error instanceof PlanError)
      throw new InputError(file, `its ${error.message}`.replace('tokens: ', 'tokens '), { cause: error });
    throw error;
  }
  return { file, tokenizer, content: tokens };
}

/** The tokens of a source. @throws errors of the engine */
export async function tokensOf(engine: Engine, { tokenizer, content }: TokenSource): Promise<Tokens> {
  return content.kind === 'image' ? (await engine.encode(tokenizer, content.data)).tokens : content;
}

function rowAt(file: string, { steps, rows }: TokenRows, step: number | undefined): Tokens {
  const at = step === undefined ? rows.length - 1 : steps.indexOf(step);
  const row = rows[at];
  if (!row) throw new InputError(file, `it has no step ${step}; it has steps ${steps[0]} to ${steps.at(-1)}`);
  return row;
}

/** @throws InputError when the two are of different tokenizers */
export function checkSame(a: TokenSource, b: TokenSource): void {
  if (a.tokenizer.sha256 === b.tokenizer.sha256) return;
  throw new InputError(b.file, `its tokens are of another tokenizer than those of ${a.file}; encode both with one`);
}
