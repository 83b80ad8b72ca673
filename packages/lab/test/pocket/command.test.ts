// The command as it is typed: on the embedded tokenizer and CLIP with a benchmark of four scenes, and on folders that lack parts.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeFrame, readImage } from '@tessera/media';
import { POCKET_MODELS } from '@tessera/pocket';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPocketEval } from '../../src/pocket/run.ts';

const main = fileURLToPath(new URL('../../src/pocket/main.ts', import.meta.url));
const TILE = 128;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function evaluate(...args: string[]): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const output = { print: (line: string) => void out.push(line), say: (line: string) => void err.push(line) };
  return { code: await runPocketEval(args, output), out: out.join('\n'), err: err.join('\n') };
}

const scene = (subject: string, background: string) => ({ subject, background, light: 'day' });
const benchmark = {
  tile: TILE,
  columns: 2,
  scenes: [scene('cat', 'beach'), scene('cow', 'field'), scene('dog', 'beach'), scene('cat', 'field')],
  edits: [
    { scene: 0, task: 'subject', prompt: 'a photo of a cow', want: { subject: 'cow' } },
    { scene: 1, task: 'scratch', prompt: 'a cat on the beach', want: { subject: 'cat', background: 'beach' } },
    { scene: 2, task: 'light', prompt: 'a dog at night', want: { light: 'night' } },
  ],
};
const captions = {
  subjects: [{ names: ['cat'] }, { names: ['cow'] }, { names: ['dog'] }],
  places: { beach: ['on the beach'], field: ['in a field'] },
  times: { day: ['at noon'], night: ['at night'] },
  zeroShot: {
    subject: [['a cat'], ['a cow'], ['a dog']],
    background: [['on the beach'], ['in a field'], ['on a red background']],
    light: [['at noon'], ['at night']],
  },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pocket-'));
  await symlink(POCKET_MODELS['pocket-32'], join(folder, 'tokenizer'));
  await cp(POCKET_MODELS['pocket-clip'], join(folder, 'clip'), { recursive: true });
  await writeFile(join(folder, 'clip', 'captions.json'), JSON.stringify(captions));
  await symlink(fileURLToPath(new URL('../fixtures/judge', import.meta.url)), join(folder, 'judge'));
  await mkdir(join(folder, 'benchmark'));
  await writeFile(join(folder, 'benchmark', 'scenes.json'), JSON.stringify(benchmark));
  const side = 2 * TILE;
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 13) % 251);
  await writeFile(
    join(folder, 'benchmark', 'scenes.png'),
    await encodeFrame({ width: side, height: side, data }, { format: 'png' }),
  );
  for (const kind of ['json', 'png']) {
    await cp(join(folder, 'benchmark', `scenes.${kind}`), join(folder, 'benchmark', `tuning.${kind}`));
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe('pocket:eval', () => {
  it('measures everything, the same twice, and draws contact sheets', async () => {
    const sheets = join(folder, 'sheets');
    const asked = ['--models', folder, '--json', '--steps', '2', '--sheets', sheets];
    const first = await evaluate(...asked);
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).not.toContain('\n');
    const figures = JSON.parse(first.out);
    expect(figures).toMatchObject({ scenes: 4, lightingScenes: 4, codebookImages: 4, editPairs: 3, editSteps: 2 });
    expect(figures.psnr).toBeGreaterThan(3);
    expect(figures.gridExcess).toBeGreaterThan(0);
    expect(figures.codebookUse).toBeGreaterThan(0);
    for (const name of ['subjectTop1', 'backgroundTop1', 'lightingTop1', 'editSuccess', 'kept']) {
      expect(figures[name], name).toBeGreaterThanOrEqual(0);
      expect(figures[name], name).toBeLessThanOrEqual(1);
    }
    expect(figures.judge.reconstructed).toBeDefined();
    expect((await evaluate(...asked)).out).toBe(first.out);
    expect((await readdir(sheets)).sort()).toEqual([
      'edits-light.png',
      'edits-scratch.png',
      'edits-subject.png',
      'reconstructions.png',
    ]);
    expect((await readImage(join(sheets, 'reconstructions.png'))).width).toBeGreaterThan(4 * 2 * TILE);
  });
  it('prints a table of what was asked for only', async () => {
    const { code, out } = await evaluate('--models', folder, '--only', 'reconstruction');
    expect(code).toBe(0);
    expect(out).toMatch(/^psnr +\d+\.\d\d dB +24 dB +4 held-out scenes$/m);
    expect(out).not.toMatch(/clip|edit/);
  });
  it('says in one line what a folder lacks and how to get it, and ends with 2', async () => {
    const bare = join(folder, 'bare');
    await mkdir(bare, { recursive: true });
    await symlink(join(folder, 'tokenizer'), join(bare, 'tokenizer'));
    const args = ['--import', 'tsx', main, '--models', bare, '--only', 'edits,reconstruction'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^.* lacks clip\/.*judge\/model\.safetensors, .*scenes\.png: .*tessera_train_all.*\n$/);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
  it('names the model whose files are damaged, and ends with 2', async () => {
    const damaged = join(folder, 'damaged');
    await mkdir(join(damaged, 'tokenizer'), { recursive: true });
    await symlink(join(folder, 'benchmark'), join(damaged, 'benchmark'));
    await cp(join(folder, 'tokenizer', 'config.json'), join(damaged, 'tokenizer', 'config.json'));
    await writeFile(join(damaged, 'tokenizer', 'model.safetensors'), 'nothing of the kind');
    const { code, err } = await evaluate('--models', damaged, '--only', 'reconstruction');
    expect(code).toBe(2);
    expect(err).toMatch(/^.*damaged\/tokenizer: .*safetensors.*$/);
  });
  it('searches settings on the tuning scenes and prints the best first', async () => {
    const { code, out } = await evaluate(
      ...['--models', folder, '--sweep', '2', '--pairs', '1', '--steps', '1', '--json'],
    );
    expect(code).toBe(0);
    const trials = JSON.parse(out) as { score: number; pairs: number; settings: { iterations: number } }[];
    expect(trials.map(({ pairs, settings }) => [pairs, settings.iterations])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(trials[0]!.score).toBeGreaterThanOrEqual(trials[1]!.score);
    await rm(join(folder, 'benchmark', 'tuning.json'));
    const without = await evaluate('--models', folder, '--sweep', '2');
    expect(without).toMatchObject({ code: 2, err: expect.stringMatching(/lacks benchmark\/tuning\.json: /) });
  });
  it.each([
    [['--only', 'colour'], '--only names "colour"'],
    [['--steps', 'many'], '--steps is "many"'],
    [['--colour'], "'--colour'"],
  ])('refuses %j with 2', async (args, problem) => {
    const { code, err } = await evaluate(...args);
    expect(code).toBe(2);
    expect(err).toContain(problem);
  });
});
