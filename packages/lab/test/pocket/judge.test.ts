// The judge as a graph says what the Python judge says. Fixture: fixtures/make_judge.py.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Engine, type ModelLibrary } from '@tessera/engine';
import { openRuntime } from '@tessera/runtime';
import { describe, expect, it } from 'vitest';
import { Judge } from '../../src/pocket/judge.ts';

const folder = fileURLToPath(new URL('../fixtures/judge', import.meta.url));
const SIDE = 128;

/** The two pictures of make_judge.py, [2, 3, SIDE, SIDE]. */
const pictures = Float32Array.from({ length: 2 * 3 * SIDE * SIDE }, (_, i) => {
  const [k, c] = [Math.floor(i / (3 * SIDE * SIDE)), Math.floor(i / (SIDE * SIDE)) % 3];
  const [y, x] = [Math.floor(i / SIDE) % SIDE, i % SIDE];
  return ((x * (c + 1) + y * (3 + k) + c * 40) % 256) / 255;
});

const none: ModelLibrary = {
  tokenizer: () => Promise.reject(new Error('no tokenizer here')),
  encoder: () => Promise.reject(new Error('no encoder here')),
};

describe('Judge', () => {
  it("gives the Python judge's logits and verdicts, alone and in a batch", async () => {
    const wanted = JSON.parse(await readFile(`${folder}/logits.json`, 'utf8')) as Record<string, number[][]>;
    const judge = await Judge.open(folder);
    const runtime = await openRuntime({ provider: 'cpu', process: 'inline', threads: 1 });
    await using engine = new Engine({ runtime, library: none });
    const found = await judge.logits(engine, pictures);
    expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
    for (const [name, rows] of Object.entries(wanted)) {
      const logits = Array.from(found[name]!.data as Float32Array);
      rows.flat().forEach((value, i) => {
        expect(logits[i], `${name} ${i}`).toBeCloseTo(value, 4);
      });
    }
    const verdicts = await judge.verdicts(engine, pictures);
    const { heads } = judge.config;
    const best = (row: readonly number[]) => row.indexOf(Math.max(...row));
    expect(verdicts.map(({ subject }) => subject)).toEqual(wanted.subject!.map((row) => heads.subject![best(row)]));
    const second = pictures.slice(pictures.length / 2);
    expect(await judge.verdicts(engine, second)).toEqual(verdicts.slice(1));
  });
});
