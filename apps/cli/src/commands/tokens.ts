// tessera tokens: images to tokens and back, what differs between two, and copy-and-paste by position.
import { basename, extname } from 'node:path';
import type { Engine, LoadedTokenizer, Tokens } from '@tessera/engine';
import { encodeFrame } from '@tessera/media';
import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { addEngineOptions, addFitOption, type EngineFlags } from '../options/run-flags.ts';
import { positions, whole } from '../options/values.ts';
import { writeJson } from '../output/report.ts';
import { table } from '../output/words.ts';
import { checkFree, writeResult } from '../output/write.ts';
import { openEngine } from '../run/engine.ts';
import { differences, paste } from '../tokens/compare.ts';
import { historyFormat } from '../tokens/formats.ts';
import { TOKEN_FORMAT, tokenArrays } from '../tokens/history.ts';
import { checkSame, type LoadOptions, loadTokens } from '../tokens/load.ts';
import { encodeTokens } from '../tokens/write-tokens.ts';

type Flags = EngineFlags & LoadOptions & { readonly out?: string; readonly force?: boolean; readonly json?: boolean };

export function tokensCommand(program: Command, done: (code: ExitCode) => void): void {
  const tokens = program
    .command('tokens')
    .summary('images to tokens and back; compare and paste tokens')
    .description('Works on the tokens of images. Wherever a token file is taken, an image is taken too.')
    .addHelpText(
      'after',
      `
Examples:
  tessera tokens encode fox.png -o fox.json
  tessera tokens decode run.npz --step 100 -o step100.png
  tessera tokens diff day.json night.json
  tessera tokens paste night.json day.json --positions 18,31 -o mixed.png`,
    );
  const sub = (name: string, summary: string) =>
    addFitOption(addEngineOptions(tokens.command(name).description(summary)))
      .option('--tokenizer <model>', 'image tokenizer, id or folder (default: the one of the token file, or pocket-32)')
      .option('--json', 'one JSON object on standard output');
  const withOut = (command: Command, what: string) =>
    command.option('-o, --out <file>', what).option('--force', 'write over an existing file');

  withOut(
    sub('encode', 'Writes the tokens of an image.').argument('<image>'),
    'token file: .json, .npz or .safetensors',
  ).action(async (image: string, flags: Flags) => done(await encode(image, flags)));
  withOut(sub('decode', 'Writes the image that tokens stand for.').argument('<tokens>'), 'PNG to write')
    .option('--step <n>', 'step of a history (default: the last)', whole)
    .action(async (file: string, flags: Flags) => done(await decode(file, flags)));
  sub('diff', 'Lists the positions where two sets of tokens differ.')
    .argument('<a>')
    .argument('<b>')
    .action(async (a: string, b: string, flags: Flags) => done(await diff(a, b, flags)));
  withOut(
    sub('paste', 'Copies tokens by position from one image into another.').argument('<from>').argument('<into>'),
    'token file, or PNG of the result',
  )
    .requiredOption('--positions <list>', 'such as 18,31 or 0-3,7', positions)
    .action(async (from: string, into: string, flags: Flags & { positions: number[] }) =>
      done(await pasteFiles(from, into, flags)),
    );
}

async function encode(image: string, flags: Flags): Promise<ExitCode> {
  const out = flags.out ?? `${basename(image, extname(image))}.tokens.json`;
  historyFormat(out);
  checkFree(out, flags.force ?? false);
  await using engine = await openEngine(flags);
  const { tokenizer, tokens } = await loadTokens(engine, image, flags);
  await save(engine, tokenizer, tokens, out, flags);
  return EXIT.ok;
}

async function decode(file: string, flags: Flags): Promise<ExitCode> {
  const out = flags.out ?? `${basename(file, extname(file)).replace(/\.tokens$/, '')}-decoded.png`;
  if (extname(out).toLowerCase() !== '.png')
    throw new UsageError(`--out ${out}: images are written as PNG; give a name ending in .png`);
  checkFree(out, flags.force ?? false);
  await using engine = await openEngine(flags);
  const { tokenizer, tokens } = await loadTokens(engine, file, flags);
  await save(engine, tokenizer, tokens, out, flags);
  return EXIT.ok;
}

async function diff(a: string, b: string, flags: Flags): Promise<ExitCode> {
  await using engine = await openEngine(flags);
  const [from, to] = [await loadTokens(engine, a, flags), await loadTokens(engine, b, flags)];
  checkSame(from, to);
  const { tokenizer } = from;
  const vectors = [await engine.vectors(tokenizer, from.tokens), await engine.vectors(tokenizer, to.tokens)] as const;
  const count = tokenizer.tokenizer.tokens;
  const found = differences(from.tokens, to.tokens, vectors, count);
  if (flags.json) {
    writeJson({ type: 'result', tokens: count, differences: found });
    return EXIT.ok;
  }
  const show = (index: number | undefined) => (index === undefined ? '-' : String(index));
  const rows = found.map((d) => [String(d.position), show(d.a), show(d.b), d.distance.toFixed(3)]);
  if (rows.length > 0) process.stdout.write(`${table([['position', 'a', 'b', 'distance'], ...rows])}\n`);
  process.stdout.write(`${found.length} of ${count} tokens differ\n`);
  return EXIT.ok;
}

async function pasteFiles(
  fromFile: string,
  intoFile: string,
  flags: Flags & { positions: number[] },
): Promise<ExitCode> {
  const out = flags.out ?? 'pasted.tokens.json';
  if (extname(out).toLowerCase() !== '.png') historyFormat(out);
  checkFree(out, flags.force ?? false);
  await using engine = await openEngine(flags);
  const [from, into] = [await loadTokens(engine, fromFile, flags), await loadTokens(engine, intoFile, flags)];
  checkSame(from, into);
  const mixed = paste(from.tokens, into.tokens, flags.positions, into.tokenizer.tokenizer.tokens);
  await save(engine, into.tokenizer, mixed, out, flags);
  return EXIT.ok;
}

/** Writes tokens as a token file, or decoded as a PNG. */
async function save(
  engine: Engine,
  loaded: LoadedTokenizer,
  tokens: Tokens,
  out: string,
  { json }: Flags,
): Promise<void> {
  const { id, sha256, tokenizer } = loaded;
  const bytes =
    extname(out).toLowerCase() === '.png'
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
