// Edit, generate, inpaint and replay on the real pocket models, a few steps each.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeNpz, encodeFrame, readImage, readManifest, sniff } from '@tessera/media';
import { parseSafetensors } from '@tessera/models';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Finished,
  FOX,
  faultLine,
  jsonLines,
  SEEDS,
  start,
  succeed,
  temporaryFolder,
  tessera,
} from './support.ts';

const cwd = temporaryFolder();
const at = (name: string) => join(cwd, name);
const read = (name: string) => readFileSync(at(name));
/** The pixels of a PNG, without what it says of its run. */
const pixels = async (name: string) => (await readImage(at(name))).data;
const FAST = ['--provider', 'cpu', '--crops', '1'];

describe('edit', () => {
  let run: Finished;
  const lines = () => jsonLines(run);

  beforeAll(async () => {
    const prompt = 'a fox at night zorp, a fox, a fox, a fox, a fox, a fox, a fox, a fox, a fox, a fox';
    const outputs = ['--out', 'fox.png', '--tokens', 'fox.npz', '--checkpoint', 'fox.safetensors', '--webp', '--sheet'];
    run = await succeed(['edit', FOX, '--prompt', prompt, '--iterations', '4', ...outputs, ...FAST, '--json'], { cwd });
  });

  it('prints one JSON object per step and one result, and nothing else', () => {
    expect(lines().map(({ type }) => type)).toEqual(['step', 'step', 'step', 'step', 'result']);
    expect(lines().map(({ step }) => step)).toEqual([0, 1, 2, 3, undefined]);
    expect(lines()[0]).toMatchObject({ total: 4, skipped: false, terms: [{ kind: 'clip', weight: 1 }] });
    expect(lines()[4]).toMatchObject({ status: 'completed', steps: 4, provider: 'cpu' });
  });

  it('names words the model does not know and tokens it cut', () => {
    expect(lines()[4]!.notes).toEqual([
      expect.stringMatching(/pocket-clip reads \d+ tokens: the last \d+ of the prompt were cut/),
      'pocket-clip does not know "zorp".',
    ]);
  });

  it('writes every file it names, and leaves nothing else behind', () => {
    const files = lines()[4]!.files as { kind: string; path: string }[];
    expect(files.map(({ path }) => path)).toEqual([
      'fox.png',
      'fox.webp',
      'fox-sheet.png',
      'fox.npz',
      'fox.safetensors',
    ]);
    expect(
      readdirSync(cwd)
        .filter((name) => name.startsWith('fox') || name.startsWith('.'))
        .sort(),
    ).toEqual(files.map(({ path }) => path).sort());
    expect(sniff(read('fox.webp'))?.format).toBe('webp');
  });

  it('keeps the tokens of every step, the last one those of the result', () => {
    const arrays = decodeNpz(read('fox.npz'));
    expect(arrays.get('indices')).toMatchObject({ dtype: 'uint16', shape: [4, 32] });
    expect(arrays.get('gradient_norms')?.shape).toEqual([4, 32]);
    expect(arrays.get('similarities')?.shape).toEqual([4, 1]);
    const indices = Array.from(arrays.get('indices')!.data, Number);
    expect(indices.slice(-32)).toEqual((lines()[4]!.tokens as { data: number[] }).data);
    const losses = lines()
      .slice(0, 4)
      .map(({ loss }) => Math.fround(loss as number));
    expect(Array.from(arrays.get('loss')!.data, Number)).toEqual(losses);
  });

  it('carries its manifest, from which replay computes the same bytes', async () => {
    const record = JSON.parse(readManifest(read('fox.png'))!) as Record<string, unknown>;
    expect(record).toMatchObject({ tokenizer: { id: 'pocket-32' }, outcome: { status: 'completed', steps: 4 } });
    await succeed(['replay', 'fox.png', '--out', 'again.png', '--provider', 'cpu', '--gif'], { cwd });
    expect(read('again.png').equals(read('fox.png'))).toBe(true);
    expect(sniff(read('again.gif'))?.format).toBe('gif');
  });

  it('shows the frame of its tokens', async () => {
    await succeed(['tokens', 'decode', 'fox.npz', '-o', 'decoded.png', '--provider', 'cpu'], { cwd });
    const [decoded, shown] = [await readImage(at('decoded.png')), await readImage(at('fox.png'))];
    expect(Buffer.from(decoded.data).equals(Buffer.from(shown.data))).toBe(true);
  });

  it('with 0 iterations gives the tokens of the seed, and --force replaces a file', async () => {
    const zero = await succeed(
      ['edit', FOX, '--prompt', 'a fox', '--iterations', '0', '--out', 'again.png', '--force', '--json', ...FAST],
      { cwd },
    );
    const encoded = await succeed(['tokens', 'encode', FOX, '-o', 'seed.json', '--json', '--provider', 'cpu'], { cwd });
    expect(jsonLines(zero)).toHaveLength(1);
    expect(read('again.png').equals(read('fox.png'))).toBe(false);
    expect(jsonLines(zero)[0]!.tokens).toEqual(jsonLines(encoded)[0]!.tokens);
  });
});

describe('generate', () => {
  it('starts from noise, takes 1 iteration, and finds a free name', async () => {
    const args = ['generate', '--prompt', 'a red apple', '--sigma', '0.5', '--seed', '3', '--iterations', '1'];
    const outputs = ['--tokens', 'apple.safetensors', '--mp4', '--negative', 'a fox', '--json'];
    const result = jsonLines(await succeed([...args, ...outputs, ...FAST], { cwd })).at(-1)!;
    expect(result).toMatchObject({
      steps: 1,
      notes: ['The negative prompt does nothing at cfg 1: raise cfg above 1.'],
    });
    expect(statSync(at('generated.png')).size).toBeGreaterThan(1000);
    expect(sniff(read('generated.mp4'))?.format).toBe('mp4');
    const history = parseSafetensors(read('apple.safetensors'));
    expect(history.tensor('indices', [1, 32]).dtype).toBe('U16');
    const facts = JSON.parse(history.metadata.get('metadata')!) as { seed: number; manifest: { plan: object } };
    expect(facts).toMatchObject({ seed: 3, manifest: { plan: { start: { kind: 'noise', sigma: 0.5 } } } });
  });
});

describe('inpaint', () => {
  beforeAll(async () => {
    const hole = (from: number) =>
      Uint8Array.from({ length: 128 * 128 * 3 }, (_, i) => (Math.floor(i / 3 / 128) > from ? 255 : 0));
    const write = async (name: string, from: number) => {
      writeFileSync(at(name), await encodeFrame({ width: 128, height: 128, data: hole(from) }, { format: 'png' }));
    };
    await write('hole.png', 90);
    await write('other.png', 60);
  });

  it('stays near the known part and resets the tokens; replay needs the same image and mask', async () => {
    const args = [
      'inpaint',
      join(SEEDS, 'house-night.png'),
      '--mask',
      'hole.png',
      '--iterations',
      '4',
      '--reset-every',
      '2',
    ];
    const lines = jsonLines(await succeed([...args, '--out', 'house.png', '--provider', 'cpu', '--json'], { cwd }));
    expect(lines.at(-1)).toMatchObject({ status: 'completed', steps: 4 });
    expect(lines[0]!.terms).toMatchObject([{ kind: 'l1', weight: 1 }]);
    expect(lines[3]!.loss as number).toBeLessThan(0.1);

    const image = ['--image', join(SEEDS, 'house-night.png')];
    await succeed(['replay', 'house.png', ...image, '--mask', 'hole.png', '--out', 'house2.png', '--provider', 'cpu'], {
      cwd,
    });
    expect(read('house2.png').equals(read('house.png'))).toBe(true);
    const other = await tessera(['replay', 'house.png', ...image, '--mask', 'other.png'], { cwd });
    expect(other.code).toBe(3);
    expect(faultLine(other)).toContain('is not what the run compared with');
    const none = await tessera(['replay', 'house.png'], { cwd });
    expect(none.code).toBe(2);
    expect(faultLine(none)).toContain('give --image and --mask');
  });
});

describe('run', () => {
  const plan = {
    tokenizer: 'pocket-32',
    objectives: [
      { kind: 'clip', model: 'pocket-clip', prompt: 'a fox', crops: { count: 0, fraction: 1, flip: 0 } },
      { kind: 'l2', weight: 5 },
    ],
    iterations: 4,
    learningRate: 0.1,
    start: { kind: 'seed' },
    seed: 1,
    steering: [{ step: 2, change: { learningRate: 0.01, objectives: [{ index: 0, prompt: 'a pig', cfg: 3 }] } }],
  };

  it('runs any plan: weighted objectives, the whole image as target, live changes; resumed and replayed it is the same', async () => {
    writeFileSync(at('plan.json'), JSON.stringify(plan));
    const image = ['--image', FOX, '--provider', 'cpu'];
    const straight = ['run', 'plan.json', ...image, '--out', 'planned.png', '--checkpoint', 'planned.safetensors'];
    const lines = jsonLines(await succeed([...straight, '--sheet', '--json'], { cwd }));
    expect(lines.at(-1)).toMatchObject({ status: 'completed', steps: 4 });
    expect(lines.at(-1)!.notes).toEqual([expect.stringContaining('cfg 3')]);
    expect(lines[2]!.steering).toMatchObject([{ learningRate: 0.01 }]);
    expect(lines[0]!.terms).toMatchObject([
      { kind: 'clip', weight: 1 },
      { kind: 'l2', weight: 5 },
    ]);

    // Stopped at the step before and after the live change, and resumed from there.
    for (const stop of [1, 3]) {
      writeFileSync(at('part.json'), JSON.stringify({ ...plan, iterations: 4, frameEvery: 3 }));
      const part = start(
        [
          'run',
          'part.json',
          ...image,
          '--out',
          `part${stop}.png`,
          '--json',
          '--checkpoint',
          `part${stop}.safetensors`,
          '--checkpoint-every',
          String(stop),
          '--force',
        ],
        { cwd },
      );
      await part.says(`"step":${stop - 1}`);
      part.child.kill('SIGINT');
      await part.finished;
      await succeed(['run', '--resume', `part${stop}.safetensors`, ...image, '--out', `whole${stop}.png`, '--json'], {
        cwd,
      });
      expect(await pixels(`whole${stop}.png`)).toEqual(await pixels('planned.png'));
    }
    await succeed(['replay', 'planned.png', ...image, '--out', 'planned2.png'], { cwd });
    expect(read('planned2.png').equals(read('planned.png'))).toBe(true);
  });
});

describe('pixels', () => {
  it('are optimised with the pocket CLIP out of the box', async () => {
    const args = [
      'edit',
      FOX,
      '--prompt',
      'a fox',
      '--tokenizer',
      'pixels',
      '--iterations',
      '2',
      '--out',
      'pixels.png',
    ];
    const lines = jsonLines(await succeed([...args, ...FAST, '--json'], { cwd }));
    expect(lines.at(-1)).toMatchObject({ steps: 2, tokenizer: { id: 'pixels-128' } });
  });
});
