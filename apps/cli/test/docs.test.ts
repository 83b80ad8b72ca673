// Every command in docs/cli.md runs, in its order, in one folder; runs are cut to one step. The table of exit codes is the real one.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PRESETS } from '@tessera/engine';
import { encodeFrame } from '@tessera/media';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../src/exit-codes.ts';
import { newPlan } from '../src/options/plan.ts';
import { FOX, SEEDS, temporaryFolder, tessera } from './support.ts';

const text = readFileSync(fileURLToPath(new URL('../../../docs/cli.md', import.meta.url)), 'utf8');
const STATE_DICT = fileURLToPath(
  new URL('../../../packages/models/test/fixtures/torch/2.7/state-dict.bin', import.meta.url),
);
const cwd = temporaryFolder();

const plan = /```json\n([\s\S]*?)```/.exec(text)![1]!;
const commands = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((block) => block[1]!.trim().split('\n'));

/** A command line as its words; quotes are the only shell syntax the document uses. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!);
}

beforeAll(async () => {
  copyFileSync(FOX, join(cwd, 'fox.png'));
  copyFileSync(join(SEEDS, 'pig-hills-sunset.png'), join(cwd, 'pig.png'));
  // The document's own plan, cut short: it has no option for its iterations.
  writeFileSync(join(cwd, 'plan.json'), JSON.stringify({ ...JSON.parse(plan), iterations: 1 }));
  copyFileSync(STATE_DICT, join(cwd, 'weights.bin'));
  const data = Uint8Array.from({ length: 128 * 128 * 3 }, (_, i) => (i > 30_000 ? 255 : 0));
  writeFileSync(join(cwd, 'hole.png'), await encodeFrame({ width: 128, height: 128, data }, { format: 'png' }));
});

describe('docs/cli.md', () => {
  it('has commands', () => expect(commands.length).toBeGreaterThan(15));

  it.each(commands)('%s', async (line) => {
    const [program, ...args] = words(line);
    expect(program).toBe('tessera');
    const optimises = ['demo', 'edit', 'generate', 'inpaint'].includes(args[0]!);
    const short = optimises ? ['--iterations', '1', ...(args[0] === 'demo' ? [] : ['--crops', '1'])] : [];
    const env = { HF_ENDPOINT: 'http://127.0.0.1:9', TESSERA_MODELS: join(cwd, 'store') };
    const result = await tessera([...args, ...short], { cwd, env });
    // There is no hub behind a test.
    expect(result.code, result.stderr).toBe(line.includes(' pull ') ? EXIT.network : EXIT.ok);
    const out = args[args.findIndex((word) => word === '-o' || word === '--out') + 1];
    if (args.some((word) => word === '-o' || word === '--out')) expect(existsSync(join(cwd, out!))).toBe(true);
  });

  it('has a table of the presets', () => {
    const cells = (label: string) =>
      text
        .split('\n')
        .find((line) => line.startsWith(`| ${label} |`))!
        .split('|')
        .slice(2, -1)
        .map((cell) => cell.trim());
    const names = ['plain', 'reference', 'paper', 'pocket'] as const;
    const steps = (task: 'edit' | 'generate') =>
      names.map((preset) => newPlan(task, { prompt: 'a fox', preset, vq: true }).iterations);
    const [edit, generate] = [steps('edit'), steps('generate')];
    expect(cells('iterations')).toEqual(
      edit.map((n, i) => (n === generate[i] ? `${n}` : `${n} (generate: ${generate[i]})`)),
    );
    expect(cells('learning rate').map(Number)).toEqual(names.map((name) => PRESETS[name].learningRate));
    for (const [i, name] of names.entries()) {
      const { crops, noise, regularisation, ema } = PRESETS[name];
      expect(cells('random crops')[i]).toMatch(
        crops.count ? new RegExp(`^${crops.count} of ${crops.fraction} `) : /^none$/,
      );
      expect(Number.parseFloat(cells('token noise')[i]!)).toBe(noise);
      expect(Number.parseFloat(cells('regularisation')[i]!)).toBe(regularisation.weight);
      expect(cells('moving average')[i]).toBe(ema === 0 ? 'off' : String(ema));
    }
  });

  it('lists every exit code with its name', () => {
    const rows = [...text.matchAll(/^\| (\d+) \| (\w+) \|/gm)].map(([, code, name]) => [name, Number(code)]);
    expect(Object.fromEntries(rows)).toEqual(EXIT);
  });
});
