// Every kind of bad input: one line that names cause and cure, the documented exit code, no stack trace.
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../src/exit-codes.ts';
import { writeHostileFiles } from './hostile-files.ts';
import { FOX, faultLine, temporaryFolder, tessera } from './support.ts';

const cwd = temporaryFolder();
const edit = (...more: string[]) => ['edit', FOX, '--prompt', 'a fox', '--iterations', '1', ...more];
const seed = (file: string) => ['edit', file, '--prompt', 'a fox'];

beforeAll(() => writeHostileFiles(cwd, FOX));

type Row = readonly [name: string, args: readonly string[], code: number, says: RegExp];

const usage: readonly Row[] = [
  ['no command of that name', ['edti'], EXIT.usage, /unknown command 'edti'.*Did you mean edit/],
  ['no option of that name', edit('--iteration', '3'), EXIT.usage, /unknown option '--iteration'.*--iterations/],
  ['no prompt', ['edit', FOX], EXIT.usage, /a prompt is needed.*--prompt/],
  ['an empty prompt', ['edit', FOX, '--prompt', ' '], EXIT.usage, /--prompt is empty; describe/],
  ['a learning rate of NaN', edit('--lr', 'NaN'), EXIT.usage, /--lr.*NaN.*finite number/],
  ['too many iterations', edit('--iterations', '1e9'), EXIT.usage, /--iterations must be at most 20000/],
  ['an unknown preset', edit('--preset', 'best'), EXIT.usage, /--preset.*plain, reference, paper, pocket/],
  ['a token file of no known kind', edit('--tokens', 'run.csv'), EXIT.usage, /\.npz, \.safetensors or \.json/],
  ['a result that is no PNG', edit('--out', 'fox.jpg'), EXIT.usage, /results are PNG files; name it fox.png/],
  [
    'positions beyond the last',
    ['tokens', 'paste', FOX, FOX, '--positions', '40', '-o', 'p.json'],
    EXIT.usage,
    /no position 40.*0 to 31/,
  ],
];

const input: readonly Row[] = [
  ['a missing image', seed('nowhere.png'), EXIT.input, /nowhere.png: there is no such file/],
  ['a text as image', seed('text.png'), EXIT.input, /text.png: this is .*give a JPEG, PNG or WebP image/],
  ['an SVG', seed('drawing.svg'), EXIT.input, /an SVG drawing; give a JPEG, PNG or WebP image/],
  ['a decompression bomb', seed('bomb.png'), EXIT.input, /bomb.png: .*over the limit of/],
  ['a PNG cut short', seed('cut.png'), EXIT.input, /cut.png: .*damaged or cut short/],
  ['a folder as image', seed('.'), EXIT.input, /it is a folder/],
  [
    'a mask of another size',
    ['inpaint', FOX, '--mask', 'small.png'],
    EXIT.input,
    /the mask is 2 x 2 px and its image 128 x 128 px/,
  ],
  [
    'a damaged checkpoint',
    ['edit', '--resume', 'garbage.safetensors'],
    EXIT.input,
    /garbage.safetensors: This is no run checkpoint/,
  ],
  ['a PNG without manifest', ['replay', 'small.png'], EXIT.input, /carries no manifest; give a result of Tessera/],
  ['tokens of another tokenizer', ['tokens', 'decode', 'other.json'], EXIT.input, /belong to pocket-32 000000000000…/],
  [
    'an index beyond the codebook',
    ['tokens', 'decode', 'range.json'],
    EXIT.input,
    /4096 at position 0.*codes 0 to 4095/,
  ],
  [
    'arrays of someone else',
    ['tokens', 'decode', 'bare.npz'],
    EXIT.input,
    /no token file of Tessera \(the array "metadata" is missing\)/,
  ],
];

const model: readonly Row[] = [
  ['an unknown model', edit('--tokenizer', 'pocket-23'), EXIT.model, /"pocket-23" is neither.*pocket-32/],
  [
    'a model that was not pulled',
    edit('--clip', 'clip-vit-b-32-laion2b'),
    EXIT.model,
    /tessera models pull clip-vit-b-32-laion2b/,
  ],
  ['a CLIP as tokenizer', edit('--tokenizer', 'pocket-clip'), EXIT.usage, /--tokenizer .*image-text model/],
  ['a truncated checkpoint', edit('--tokenizer', 'truncated'), EXIT.model, /truncated.*safetensors: /],
  ['a hostile header', edit('--tokenizer', 'hostile'), EXIT.model, /header claims 18446744073709551615 bytes/],
  ['an unknown architecture', edit('--tokenizer', 'unknown'), EXIT.model, /model_type "llama".*are supported/],
  [
    'a pickle that runs code',
    edit('--tokenizer', 'pickle'),
    EXIT.model,
    /only tensors are read and nothing is run.*convert it/,
  ],
  [
    'a missing tensor',
    edit('--tokenizer', 'missing', '--clip', 'pocket-clip'),
    EXIT.model,
    /"decoder.mask_token" is missing/,
  ],
  [
    'a wrong shape',
    edit('--tokenizer', 'shape', '--clip', 'pocket-clip'),
    EXIT.model,
    /"decoder.mask_token" has shape \[1, 1, 7\]/,
  ],
  ['integer weights', edit('--tokenizer', 'integers', '--clip', 'pocket-clip'), EXIT.model, /is I32: a weight must be/],
  ['patches that do not fit', edit('--clip', 'patches'), EXIT.model, /patch_size: 15 does not divide the image size/],
  [
    'a check of a model that was not pulled',
    ['models', 'check', 'vq-ll-32', '--image', FOX],
    EXIT.model,
    /tessera models pull vq-ll-32/,
  ],
  [
    'a check without a published answer',
    ['models', 'check', 'pocket-32', '--image', FOX],
    EXIT.usage,
    /no tokens of a known image are published for pocket-32: there are some for vq-ll-32/,
  ],
  ['a hub that is not there', ['models', 'pull', 'vq-ll-32'], EXIT.network, /cannot be reached.*check the network/],
];

const plans: readonly Row[] = [
  ['no plan', ['run'], EXIT.usage, /a plan is needed/],
  ['a plan that is no JSON', ['run', 'text.png'], EXIT.input, /text.png: it is no JSON/],
  [
    'a value out of range',
    ['run', 'plan-field.json'],
    EXIT.input,
    /plan-field.json: objectives.0.cfg: must not be neg/,
  ],
  ['an unknown objective', ['run', 'plan-kind.json'], EXIT.input, /plan-kind.json: objectives.0.kind: /],
  ['an unknown field', ['run', 'plan-extra.json'], EXIT.input, /plan-extra.json: .*"iteration"/],
  [
    'a live change of what is not there',
    ['run', 'plan-steering.json'],
    EXIT.input,
    /plan-steering.json: steering.0.change.objectives.1.prompt: l2 has no prompt/,
  ],
  ['no image to compare with', ['run', 'plan.json'], EXIT.usage, /compares with an image: give it with --image/],
];

const output: readonly Row[] = [
  ['a result that exists', edit('--out', 'small.png'), EXIT.output, /small.png: it exists already.*--force/],
  ['a folder that is a file', edit('--out', 'text.png/x.png'), EXIT.output, /a part of the path is a file/],
  ['no --checkpoint to write to', edit('--checkpoint-every', '5'), EXIT.usage, /needs --checkpoint FILE/],
  [
    'numbers that run away',
    ['edit', FOX, '--prompt', 'a fox', '--lr', '1e38', '--iterations', '90', '--preset', 'plain', '--provider', 'cpu'],
    EXIT.diverged,
    /not finite for 24 steps.*lower the learning rate/,
  ],
];

// Two at a time, as the machine has two cores.
const env = { HF_ENDPOINT: 'http://127.0.0.1:9', TESSERA_MODELS: `${cwd}/store` };

async function check([, args, code, says]: Row): Promise<void> {
  const result = await tessera(args, { cwd, env });
  const line = faultLine(result);
  expect(line).toMatch(says);
  expect(result.code, line).toBe(code);
}

describe.each([
  ['the command line', usage],
  ['files', input],
  ['models', model],
  ['plans', plans],
  ['results', output],
] as const)('%s', (_, rows) => {
  it.concurrent.each(rows.map((row) => [row[0], row] as const))('%s', (_name, row) => check(row));
});

describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  it('under the result', async () => {
    const result = await tessera(edit('--out', '/dev/full', '--provider', 'cpu'), { cwd });
    expect(faultLine(result)).toMatch(/cannot write \/dev\/full: the disk is full; free some space/);
    expect(result.code).toBe(EXIT.output);
    expect(readdirSync(cwd).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('under standard output', async () => {
    const full = openSync('/dev/full', 'w');
    const result = await tessera(['models', 'list'], { cwd, stdout: full });
    closeSync(full);
    expect(faultLine(result)).toMatch(/cannot write to standard output \(ENOSPC\)/);
    expect(result.code).toBe(EXIT.output);
  });
});
