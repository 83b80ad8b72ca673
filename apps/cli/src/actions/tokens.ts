// Images to tokens and back, what differs between two, and copy-and-paste by position.
import { basename, extname } from 'node:path';
import type { Engine, LoadedTokenizer, Tokens } from '@tessera/engine';
import { encodeFrame } from '@tessera/media';
import type { PasteFlags, TokenFlags } from '../commands/tokens.ts';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { writeJson } from '../output/json.ts';
import { table } from '../output/words.ts';
import { checkFree, writeResult } from '../output/write.ts';
import { openEngine, openLibrary } from '../run/engine.ts';
import { differences, paste } from '../tokens/compare.ts';
import { historyFormat } from '../tokens/formats.ts';
import { TOKEN_FORMAT, tokenArrays } from '../tokens/history.ts';
import { checkSame, readTokenSource, type TokenSource, tokensOf } from '../tokens/load.ts';
import { encodeTokens } from '../tokens/write-tokens.ts';

export async function encode(image: string, flags: TokenFlags): Promise<ExitCode> {
  const out = flags.out ?? `${basename(image, extname(image))}.tokens.json`;
  historyFormat(out);
  checkFree(out, flags.force ?? false);
  return await withTokens([image], flags, (engine, tokenizer, [tokens]) =>
    save(engine, tokenizer, tokens!, out, flags),
  );
}

export async function decode(file: string, flags: TokenFlags): Promise<ExitCode> {
  const out = flags.out ?? `${basename(file, extname(file)).replace(/\.tokens$/, '')}-decoded.png`;
  if (!isPng(out)) throw new UsageError(`--out ${out}: images are written as PNG; give a name ending in .png`);
  checkFree(out, flags.force ?? false);
  return await withTokens([file], flags, (engine, tokenizer, [tokens]) => save(engine, tokenizer, tokens!, out, flags));
}

export async function diff(a: string, b: string, flags: TokenFlags): Promise<ExitCode> {
  return await withTokens([a, b], flags, async (engine, tokenizer, [from, to]) => {
    const vectors = [await engine.vectors(tokenizer, from!), await engine.vectors(tokenizer, to!)] as const;
    const count = tokenizer.tokenizer.tokens;
    const found = differences(from!, to!, vectors, count);
    if (flags.json) return writeJson({ type: 'result', tokens: count, differences: found });
    const show = (index: number | undefined) => (index === undefined ? '-' : String(index));
    const rows = found.map((d) => [String(d.position), show(d.a), show(d.b), d.distance.toFixed(3)]);
    if (rows.length > 0) process.stdout.write(`${table([['position', 'a', 'b', 'distance'], ...rows])}\n`);
    process.stdout.write(`${found.length} of ${count} tokens differ\n`);
  });
}

export async function pasteFiles(from: string, into: string, flags: PasteFlags): Promise<ExitCode> {
  const out = flags.out ?? 'pasted.tokens.json';
  if (!isPng(out)) historyFormat(out);
  checkFree(out, flags.force ?? false);
  return await withTokens([from, into], flags, (engine, tokenizer, [a, b]) =>
    save(engine, tokenizer, paste(a!, b!, flags.positions, tokenizer.tokenizer.tokens), out, flags),
  );
}

/** Reads token files or images of one tokenizer, then starts an engine and hands their tokens on. */
async function withTokens(
  files: readonly string[],
  flags: TokenFlags,
  use: (engine: Engine, tokenizer: LoadedTokenizer, tokens: Tokens[]) => Promise<void>,
): Promise<ExitCode> {
  const library = openLibrary();
  const sources: TokenSource[] = [];
  for (const file of files) sources.push(await readTokenSource(library, file, flags));
  const first = sources[0]!;
  for (const other of sources) checkSame(first, other);
  await using engine = await openEngine(flags, library);
  const tokens: Tokens[] = [];
  for (const source of sources) tokens.push(await tokensOf(engine, source));
  await use(engine, first.tokenizer, tokens);
  return EXIT.ok;
}

const isPng = (path: string): boolean => extname(path).toLowerCase() === '.png';

/** Writes tokens as a token file, or decoded as a PNG. */
async function save(
  engine: Engine,
  loaded: LoadedTokenizer,
  tokens: Tokens,
  out: string,
  { json }: TokenFlags,
): Promise<void> {
  const { id, sha256, tokenizer } = loaded;
  const bytes = isPng(out)
    ? await encodeFrame(await engine.decode(loaded, tokens), { format: 'png' })
    : encodeTokens(
        { facts: { format: TOKEN_FORMAT, tokenizer: { id, sha256 } }, arrays: tokenArrays([tokens], [0], tokenizer) },
        historyFormat(out),
      );
  await writeResult(out, bytes);
  if (json)
    writeJson({
      type: 'result',
      file: out,
      tokenizer: { id, sha256 },
      tokens: { kind: tokens.kind, data: Array.from(tokens.data) },
    });
  else process.stdout.write(`${out}\n`);
}
