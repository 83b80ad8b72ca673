// tessera tokens: images to tokens and back, what differs between two, and copy-and-paste by position.
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import { addEngineOptions, addFitOption, type EngineFlags } from '../options/run-flags.ts';
import { positions, whole } from '../options/values.ts';
import type { LoadOptions } from '../tokens/load.ts';

export interface TokenFlags extends EngineFlags, LoadOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export interface PasteFlags extends TokenFlags {
  readonly positions: readonly number[];
}

const actions = () => import('../actions/tokens.ts');

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
  ).action(async (image: string, flags: TokenFlags) => done(await (await actions()).encode(image, flags)));
  withOut(sub('decode', 'Writes the image that tokens stand for.').argument('<tokens>'), 'PNG to write')
    .option('--step <n>', 'step of a history (default: the last)', whole)
    .action(async (file: string, flags: TokenFlags) => done(await (await actions()).decode(file, flags)));
  sub('diff', 'Lists the positions where two sets of tokens differ.')
    .argument('<a>')
    .argument('<b>')
    .action(async (a: string, b: string, flags: TokenFlags) => done(await (await actions()).diff(a, b, flags)));
  withOut(
    sub('paste', 'Copies tokens by position from one image into another.').argument('<from>').argument('<into>'),
    'token file, or PNG of the result',
  )
    .requiredOption('--positions <list>', 'such as 18,31 or 0-3,7', positions)
    .action(async (from: string, into: string, flags: PasteFlags) =>
      done(await (await actions()).pasteFiles(from, into, flags)),
    );
}
