// Reading the exported benchmark: what is sound is read, what is damaged or absent is named in one line.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFrame } from '@tessera/media';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBenchmark } from '../../src/pocket/benchmark.ts';
import { BenchmarkFileError } from '../../src/pocket/errors.ts';
import { readColumns } from '../../src/pocket/zero-shot.ts';

const TILE = 8;
const scene = (subject: string) => ({ subject, background: 'city', light: 'day', style: 'flat' });
const sound = {
  tile: TILE,
  columns: 2,
  scenes: [scene('panda'), scene('cow'), scene('owl')],
  edits: [{ scene: 2, task: 'light', prompt: 'an owl at night', want: { light: 'night' } }],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'benchmark-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A sheet of 2 x 2 tiles whose tile k is grey 40 k. */
async function sheet(width = 2 * TILE, height = 2 * TILE): Promise<Uint8Array> {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [y, x] = [Math.floor(i / (3 * width)), Math.floor(i / 3) % width];
    return 40 * (2 * Math.floor(y / TILE) + Math.floor(x / TILE));
  });
  return encodeFrame({ width, height, data }, { format: 'png' });
}

async function write(json: unknown, picture?: Uint8Array): Promise<void> {
  await writeFile(join(folder, 'scenes.json'), typeof json === 'string' ? json : JSON.stringify(json));
  await writeFile(join(folder, 'scenes.png'), picture ?? (await sheet()));
}

const problem = async (): Promise<string> => {
  const error = await readBenchmark(folder).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BenchmarkFileError);
  const { message } = error as Error;
  expect(message).not.toContain('\n');
  return message;
};

describe('readBenchmark', () => {
  it('cuts the sheet into one picture per scene, row by row', async () => {
    await write(sound);
    const { pictures, scenes, edits, more } = await readBenchmark(folder);
    expect(pictures.map((picture) => [picture.length, picture[0], picture.at(-1)])).toEqual(
      [0, 40, 80].map((grey) => [TILE * TILE * 3, grey, grey]),
    );
    expect(scenes[2]).toEqual(scene('owl'));
    expect(edits[0]!.want).toEqual({ light: 'night' });
    expect(more).toBeUndefined();
  });
  it('takes all tiles of more.webp', async () => {
    await write(sound);
    const data = new Uint8Array(3 * TILE * TILE * 3).fill(90);
    await writeFile(
      join(folder, 'more.webp'),
      await encodeFrame({ width: 3 * TILE, height: TILE, data }, { format: 'webp' }),
    );
    expect((await readBenchmark(folder)).more).toHaveLength(3);
  });
  it.each([
    ['no JSON', '{"tile": 8', /scenes\.json: is no JSON/],
    ['a column left out', { ...sound, scenes: [{ subject: 'panda', background: 'city' }] }, /scenes\.0\.light/],
    ['an edit of no scene', { ...sound, edits: [{ ...sound.edits[0], scene: 3 }] }, /edits\.0\.scene: there are 3/],
    ['an unknown task', { ...sound, edits: [{ ...sound.edits[0], task: 'style' }] }, /edits\.0\.task/],
    ['an edit that asks for nothing', { ...sound, edits: [{ ...sound.edits[0], want: {} }] }, /asks for nothing/],
    ['another grid', { ...sound, columns: 3 }, /scenes\.png: is 16 x 16 px, 3 scenes .* are 24 x 8 px/],
  ])('names %s', async (_, json, message) => {
    await write(json);
    expect(await problem()).toMatch(message);
  });
  it('names a sheet that is cut short, and files that are not there', async () => {
    await write(sound, (await sheet()).slice(0, 60));
    expect(await problem()).toMatch(/scenes\.png: .*damaged/);
    await rm(join(folder, 'scenes.png'));
    expect(await problem()).toMatch(/scenes\.png: /);
    await rm(join(folder, 'scenes.json'));
    expect(await problem()).toMatch(/scenes\.json: cannot be read/);
  });
});

describe('readColumns', () => {
  const captions = {
    subjects: [{ names: ['panda', 'panda bear'], category: 'animal' }, { names: ['cow'] }],
    places: { city: ['in the city'], space: ['in space'] },
    times: { day: ['at noon'], night: ['at night'] },
    zeroShot: {
      subject: [['a panda'], ['a cow', 'the cow']],
      background: [['in the city'], ['in space'], ['on plain red']],
      light: [['at noon'], ['at night']],
    },
  };
  it('puts a label to every group of prompts, plain backgrounds last', async () => {
    await writeFile(join(folder, 'captions.json'), JSON.stringify(captions));
    const columns = await readColumns(folder);
    expect(columns.map(({ name, classes }) => [name, classes.map(({ label }) => label)])).toEqual([
      ['subject', ['panda', 'cow']],
      ['background', ['city', 'space', 'plain']],
      ['light', ['day', 'night']],
    ]);
    expect(columns[0]!.classes[1]!.prompts).toEqual(['a cow', 'the cow']);
  });
  it('refuses groups without a label', async () => {
    const zeroShot = { ...captions.zeroShot, light: [['at noon']] };
    await writeFile(join(folder, 'captions.json'), JSON.stringify({ ...captions, zeroShot }));
    await expect(readColumns(folder)).rejects.toThrow(/zeroShot\.light has prompts for 1 classes of 2/);
  });
});
