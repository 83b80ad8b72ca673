// The int8 matrices of a checkpoint: their numbers, and the file that keeps them.
import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Graph } from '@tessera/graph';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  defaultCacheDirectory,
  Int8CacheError,
  int8Source,
  openSafetensors,
  Parameters,
  saveSafetensors,
  type TensorSource,
} from '../../src/index.ts';
import { roundWeight } from '../../src/int8/quantise.ts';
import { linear } from '../../src/layers/linear.ts';

const [OUT, IN] = [80, 96];
const weight = Float32Array.from({ length: OUT * IN }, (_, i) => Math.sin(i * 1.7) * (1 + (i % 7)));

let folder: string;
let cache: string;
let checkpoint: Checkpoint;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-int8-'));
  cache = join(folder, 'cache');
  checkpoint = await openCheckpointOf(weight);
});
afterEach(async () => {
  checkpoint.close();
  await rm(folder, { recursive: true, force: true });
});

async function openCheckpointOf(data: Float32Array): Promise<Checkpoint> {
  const path = join(folder, 'model.safetensors');
  await saveSafetensors(path, {
    'wide.weight': { shape: [OUT, IN], data },
    'narrow.weight': { shape: [OUT, 12], data: data.slice(0, OUT * 12) },
  });
  return openSafetensors(path);
}

function build(graph: Graph, source: TensorSource) {
  const p = new Parameters(graph, source);
  const wide = linear(p.scope('wide'), graph.input('x', [3, IN]), OUT, { bias: false });
  return [wide, linear(p.scope('narrow'), graph.input('z', [3, 12]), OUT, { bias: false })];
}

const fileOf = async () => join(cache, (await readdir(cache))[0]!);
/** An old date, to see whether the file is written again. */
const age = async (file: string) => utimes(file, 1000, 1000);
const isAged = async (file: string) => (await stat(file)).mtimeMs === 1_000_000;

describe('roundWeight', () => {
  it('stays within half a step of the weight, in both directions', () => {
    const { forward, backward } = roundWeight(weight, OUT, IN);
    for (let o = 0; o < OUT; o++) {
      for (let i = 0; i < IN; i++) {
        const w = weight[o * IN + i]!;
        const [f, b] = [forward.scales[o]!, backward.scales[i]!];
        expect(Math.abs(forward.values[i * OUT + o]! * f - w)).toBeLessThanOrEqual(f * 0.5001);
        expect(Math.abs(backward.values[o * IN + i]! * b - w)).toBeLessThanOrEqual(b * 0.5001);
      }
    }
    expect(Math.max(...forward.values.map(Math.abs))).toBe(127);
  });

  it('leaves a matrix of zeros at zero', () => {
    const { forward } = roundWeight(new Float32Array(4), 2, 2);
    expect([...forward.values, ...forward.scales]).toEqual([0, 0, 0, 0, 1, 1]);
  });
});

describe('int8Source', () => {
  it('rounds the wide matrices that the graph multiplies by, and no others', async () => {
    const source = await int8Source(checkpoint, build, cache);
    const found = source.int8!('wide.weight', [OUT, IN])!;
    expect(source.int8!('narrow.weight', [OUT, 12])).toBeUndefined();
    const bytes = await readFile(found.file);
    const { forward, backward } = roundWeight(weight, OUT, IN);
    for (const [kept, made] of [
      [found.forward, forward],
      [found.backward, backward],
    ] as const) {
      const { offset, length } = kept.values;
      expect(new Int8Array(bytes.buffer.slice(offset, offset + length))).toEqual(made.values);
      const { offset: at, length: size } = kept.scales;
      expect(new Float32Array(bytes.buffer.slice(at, at + size))).toEqual(made.scales);
    }
    expect(found.forward.shape).toEqual([IN, OUT]);
    expect(found.backward.shape).toEqual([OUT, IN]);
  });

  it('keeps one file per checkpoint, named by its hash, and finds it again', async () => {
    await int8Source(checkpoint, build, cache);
    const file = await fileOf();
    expect(file).toContain(await checkpoint.sha256());
    await age(file);
    await int8Source(checkpoint, build, cache);
    expect(await isAged(file)).toBe(true);
    using other = await openCheckpointOf(weight.map((w) => -w));
    await int8Source(other, build, cache);
    expect(await readdir(cache)).toHaveLength(2);
  });

  it.each<[string, (file: string, size: number) => Promise<void>]>([
    ['cut off', (file, size) => truncate(file, size - 1)],
    ['empty', (file) => truncate(file, 0)],
    ['something else', (file) => writeFile(file, 'not safetensors at all')],
    ['without the matrix', (file) => saveSafetensors(file, { a: { shape: [1], data: Float32Array.of(1) } })],
    [
      'of another type',
      (file) =>
        saveSafetensors(file, { 'wide.weight.forward.values': { shape: [IN, OUT], data: new Uint8Array(IN * OUT) } }),
    ],
  ])('makes a file anew that is %s', async (_what, damage) => {
    await int8Source(checkpoint, build, cache);
    const file = await fileOf();
    const whole = await readFile(file);
    await damage(file, whole.byteLength);
    await int8Source(checkpoint, build, cache);
    expect(await readFile(file)).toEqual(whole);
    expect(await readdir(cache)).toHaveLength(1);
  });

  it('says in one line what to do when the folder cannot be written', async () => {
    const taken = join(folder, 'taken');
    await writeFile(taken, '');
    const failed = int8Source(checkpoint, build, taken);
    await expect(failed).rejects.toThrow(Int8CacheError);
    await expect(failed).rejects.toThrow(/^[^\n]*taken[^\n]*TESSERA_CACHE[^\n]*$/);
  });
});

describe('defaultCacheDirectory', () => {
  it('is TESSERA_CACHE, or the folder of the platform', () => {
    expect(defaultCacheDirectory({ TESSERA_CACHE: '/c' }, 'linux')).toBe('/c');
    expect(defaultCacheDirectory({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe(join('/x', 'tessera'));
    expect(defaultCacheDirectory({ LOCALAPPDATA: '/l' }, 'win32')).toBe(join('/l', 'Tessera', 'cache'));
    expect(defaultCacheDirectory({}, 'darwin')).toMatch(/Caches.Tessera$/);
  });
});
