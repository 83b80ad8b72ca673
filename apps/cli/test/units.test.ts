// The parts of the command line that need no process: values, plans, token files, reels, words, faults.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRESETS } from '@tessera/engine';
import { ShapeError } from '@tessera/graph';
import { EmptyPromptError, ModelError, OfflineError, StoreFolderError, TensorTypeError } from '@tessera/models';
import { PROVIDERS } from '@tessera/runtime';
import { describe, expect, it, vi } from 'vitest';
import { UsageError } from '../src/errors.ts';
import { EXIT } from '../src/exit-codes.ts';
import { faultOf } from '../src/faults.ts';
import { defaultModels, defaultPreset } from '../src/options/defaults.ts';
import { flagOf } from '../src/options/flag-names.ts';
import { changedPlan, newPlan } from '../src/options/plan.ts';
import { PRESET_NAMES, PROVIDER_NAMES } from '../src/options/run-flags.ts';
import { locks, meter, number, plateau, positions, whole } from '../src/options/values.ts';
import { Reel, spread } from '../src/output/reel.ts';
import { reporter } from '../src/output/report.ts';
import { bytes, duration, shellWord } from '../src/output/words.ts';
import { differences, paste } from '../src/tokens/compare.ts';
import { HISTORY_FORMATS } from '../src/tokens/formats.ts';
import { tokenArrays } from '../src/tokens/history.ts';
import { agreeing, KNOWN_ANSWERS } from '../src/tokens/known-answers.ts';
import { readTokens } from '../src/tokens/read-tokens.ts';
import { encodeTokens } from '../src/tokens/write-tokens.ts';
import { temporaryFolder } from './support.ts';

const cwd = temporaryFolder();

describe('values', () => {
  it('reads numbers, and refuses what is none', () => {
    expect(number('-1.5e2')).toBe(-150);
    for (const bad of ['', ' ', 'NaN', 'Infinity', '1,5', '0x', 'one']) expect(() => number(bad)).toThrow(/finite/);
    for (const bad of ['1.5', '-1', '1e300']) expect(() => whole(bad)).toThrow(/whole number/);
  });

  it('reads positions and ranges, sorted, each once', () => {
    expect(positions('31,18,0-2,1')).toEqual([0, 1, 2, 18, 31]);
    for (const bad of ['', '1,', '3-1', '-1', 'a']) expect(() => positions(bad)).toThrow(/such as 18,31/);
  });

  it('reads rules for stopping', () => {
    expect([locks('7,0-2'), locks('none')]).toEqual([[0, 1, 2, 7], []]);
    expect(() => locks('nothing')).toThrow(/such as 18,31/);
    expect(plateau('20,0.001')).toEqual({ window: 20, minImprovement: 0.001 });
    expect(meter('pocket-clip')).toEqual({ model: 'pocket-clip', every: 10, stopAfter: 0 });
    expect(meter('pocket-clip,5,3')).toEqual({ model: 'pocket-clip', every: 5, stopAfter: 3 });
    for (const bad of ['20', '1.5,1', 'a,b', '1,2,3']) expect(() => plateau(bad)).toThrow(/such as 20,0.001/);
    for (const bad of ['', 'm,x', 'm,1,2,3']) expect(() => meter(bad)).toThrow(/such as pocket-clip,10,5/);
  });

  it('knows the presets and providers of the engine', () => {
    expect([...PRESET_NAMES].sort()).toEqual(Object.keys(PRESETS).sort());
    expect([...PROVIDER_NAMES].sort()).toEqual(['auto', ...Object.keys(PROVIDERS)].sort());
  });
});

describe('plans', () => {
  it('take the preset, then what was given', () => {
    const plan = newPlan('edit', {
      prompt: 'a fox',
      preset: 'plain',
      crops: 4,
      lr: 0.2,
      reg: 0.1,
      regTo: 'seed',
      vq: false,
    });
    expect(plan).toMatchObject({
      iterations: 300,
      learningRate: 0.2,
      noise: 0,
      quantisation: 'before',
      regularisation: { weight: 0.1, towards: 'seed' },
      objectives: [{ kind: 'clip', model: 'pocket-clip', crops: { count: 4, fraction: 0.875 } }],
    });
    expect(newPlan('generate', { prompt: 'a fox', vq: true })).toMatchObject({
      iterations: 200,
      regularisation: { towards: 'zero' },
      start: { kind: 'noise', sigma: 1 },
    });
    // From scratch the paper takes 400 and the pocket models 200; the other presets keep their own.
    const steps = PRESET_NAMES.map((preset) => newPlan('generate', { prompt: 'a fox', preset, vq: true }).iterations);
    expect(steps).toEqual([300, 600, 400, 200]);
    expect(newPlan('edit', { prompt: 'a fox', tokenizer: 'vq-ll-32', siglip: 's', vq: true }).objectives).toMatchObject(
      [
        { kind: 'clip', model: 'clip-vit-b-32-laion2b' },
        { kind: 'siglip', model: 's' },
      ],
    );
    expect(newPlan('inpaint', { vq: true })).toMatchObject({ resetEvery: 50, objectives: [{ kind: 'l1' }] });
  });

  it('lock tokens, keep the locks of what lies below, or free them', () => {
    const flags = { prompt: 'a fox', vq: true };
    const locked = newPlan('edit', { ...flags, lock: [0, 4] });
    expect(locked.lockedPositions).toEqual([0, 4]);
    expect(newPlan('edit', flags).lockedPositions).toEqual([]);
    expect(changedPlan(locked, { vq: true, lr: 0.2 }).lockedPositions).toEqual([0, 4]);
    expect(changedPlan(locked, { vq: true, lock: [] }).lockedPositions).toEqual([]);
    expect(flagOf('lockedPositions.1')).toBe('--lock');
  });

  it('take the settings that go with the models', () => {
    const rate = (flags: object) => newPlan('edit', { prompt: 'a fox', vq: true, ...flags }).learningRate;
    expect(rate({})).toBe(PRESETS.pocket.learningRate);
    expect(rate({ preset: 'paper' })).toBe(PRESETS.paper.learningRate);
    expect(rate({ tokenizer: 'pixels' })).toBe(PRESETS.paper.learningRate);
    expect(rate({ tokenizer: 'vq-ll-32' })).toBe(PRESETS.paper.learningRate);
    expect(defaultPreset(defaultModels())).toBe('pocket');
    expect(defaultPreset(defaultModels('pocket-32', 'clip-x'))).toBe('paper');
  });

  it('take the models that go together', () => {
    expect(defaultModels()).toEqual({ tokenizer: 'pocket-32', clip: 'pocket-clip' });
    expect(defaultModels('pixels')).toEqual({ tokenizer: 'pixels-128', clip: 'pocket-clip' });
    expect(defaultModels('pixels-64')).toEqual({ tokenizer: 'pixels-64', clip: 'pocket-clip' });
    expect(defaultModels('pixels', 'clip-x')).toEqual({ tokenizer: 'pixels', clip: 'clip-x' });
    expect(newPlan('edit', { prompt: 'a fox', tokenizer: 'pixels', vq: true })).toMatchObject({
      tokenizer: 'pixels-128',
      objectives: [{ model: 'pocket-clip' }],
    });
  });

  it('are changed only where something is given', () => {
    const plan = newPlan('edit', { prompt: 'a fox', vq: true, negative: 'a pig', cfg: 2 });
    expect(changedPlan(plan, { vq: true })).toEqual(plan);
    expect(changedPlan(plan, { vq: true, prompt: 'a dog', iterations: 7 })).toEqual({
      ...plan,
      iterations: 7,
      objectives: [{ ...plan.objectives[0], prompt: 'a dog' }],
    });
  });

  it.each([
    [{ lr: 0 }, /^--lr must be above 0/],
    [{ ema: 1 }, /^--ema must be below 1/],
    [{ cropFraction: Number.NaN }, /^--crop-fraction must be a finite number/],
    [{ iterations: 20_001 }, /^--iterations must be at most 20000/],
    [{ prompt: ' ' }, /^--prompt is empty/],
  ] as const)('refuse %o under the name of the option', (flags, says) => {
    let fault: ReturnType<typeof faultOf> | undefined;
    try {
      newPlan('edit', { prompt: 'a fox', vq: true, ...flags });
    } catch (error) {
      fault = faultOf(error);
    }
    expect(fault?.message).toMatch(says);
    expect(fault?.exitCode).toBe(EXIT.usage);
  });
});

describe('token files', () => {
  const rows = [Int32Array.of(1, 4095, 3), Int32Array.of(0, 2, 9)].map((data) => ({ kind: 'indices' as const, data }));
  const vectors = [{ kind: 'vectors' as const, data: Float32Array.of(0.5, -1, 2, 3, 4, 1e-7) }];
  const facts = { format: 'tessera-tokens-1', tokenizer: { id: 'x', sha256: 'ab' } } as const;

  it.each(HISTORY_FORMATS)('%s gives back indices and vectors', async (format) => {
    const file = join(cwd, `rows.${format}`);
    const shape = { tokens: 3, channels: 2, codebookSize: 4096 };
    writeFileSync(file, encodeTokens({ facts, arrays: tokenArrays(rows, [5, 6], shape) }, format));
    expect(await readTokens(file)).toEqual({ tokenizer: facts.tokenizer, steps: [5, 6], rows });
    writeFileSync(
      file,
      encodeTokens({ facts, arrays: tokenArrays(vectors, [0], { ...shape, codebookSize: 0 }) }, format),
    );
    const [row] = (await readTokens(file)).rows;
    expect(row).toEqual(vectors[0]);
  });

  it.each([
    ['{"format":"tessera-tokens-1"}', /names no tokenizer/],
    ['{"format":"other"}', /format is not tessera-tokens-1/],
    [JSON.stringify({ ...facts, steps: [0], indices: [[1, '2']] }), /something else than numbers/],
    [JSON.stringify({ ...facts, steps: [0, 1], indices: [[1], [2, 3]] }), /rows differ in length/],
    [JSON.stringify({ ...facts, steps: [0], indices: [[1], [2]] }), /1 steps and 2 rows/],
    [JSON.stringify({ ...facts, steps: [0], indices: [[1.5]] }), /not a whole number/],
    [JSON.stringify({ ...facts, steps: [0], indices: 3 }), /neither indices nor vectors/],
    ['{', /no token file/],
    ['', /no token file/],
  ])('refuses %s', async (text, says) => {
    const file = join(cwd, 'bad.json');
    writeFileSync(file, text);
    await expect(readTokens(file)).rejects.toThrow(says);
  });
});

describe('comparing and pasting', () => {
  const a = { kind: 'indices' as const, data: Int32Array.of(1, 2, 3) };
  const b = { kind: 'indices' as const, data: Int32Array.of(1, 5, 6) };

  it('finds positions, indices and distances', () => {
    const vectors = [Float32Array.of(0, 0, 0, 0, 1, 1), Float32Array.of(0, 0, 3, 4, 1, 2)] as const;
    expect(differences(a, b, vectors, 3)).toEqual([
      { position: 1, a: 2, b: 5, distance: 5 },
      { position: 2, a: 3, b: 6, distance: 1 },
    ]);
  });

  it('copies the given positions and no other', () => {
    expect(Array.from(paste(b, a, [2], 3).data)).toEqual([1, 2, 6]);
    expect(Array.from(a.data)).toEqual([1, 2, 3]);
    expect(() => paste(b, a, [3], 3)).toThrow(UsageError);
  });
});

describe('published tokens', () => {
  const answer = KNOWN_ANSWERS['vq-ll-32']!;

  it('are 32 codes of a codebook of 4096', () => {
    expect(answer.indices).toHaveLength(32);
    expect(new Set(answer.indices).size).toBe(32);
    expect(answer.indices.every((index) => Number.isInteger(index) && index >= 0 && index < 4096)).toBe(true);
    expect([answer.indices[0], answer.indices.at(-1)]).toEqual([887, 2598]);
  });

  it('agree where they are equal', () => {
    const data = Int32Array.from(answer.indices, (index, i) => (i === 3 ? index + 1 : index));
    expect(agreeing(answer, { kind: 'indices', data })).toHaveLength(31);
    expect(agreeing(answer, { kind: 'indices', data })).not.toContain(3);
    expect(agreeing(answer, { kind: 'vectors', data: new Float32Array(32) })).toEqual([]);
  });
});

describe('notes', () => {
  it('are said once', () => {
    const said: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    const report = reporter({});
    for (const note of ['a', 'b', 'a']) report.note(note);
    write.mockRestore();
    expect(said).toEqual(['note: a\n', 'note: b\n']);
  });
});

describe('frames of a run', () => {
  const frame = { width: 1, height: 1, data: new Uint8Array(3) };

  it('thins out a long run evenly, first and last kept', () => {
    const reel = new Reel(10);
    for (let step = 0; step < 1000; step++) reel.add(step, frame);
    const steps = reel.frames.map(({ step }) => step);
    expect(steps.length).toBeLessThanOrEqual(11);
    expect([steps[0], steps.at(-1)]).toEqual([0, 999]);
    const gaps = steps.slice(1, -1).map((step, i) => step - steps[i]!);
    expect(new Set(gaps).size).toBe(1);
  });

  it('spreads a choice over all', () => expect(spread([0, 1, 2, 3, 4, 5, 6, 7, 8], 3)).toEqual([0, 4, 8]));
});

describe('words', () => {
  it('says sizes, times and shell words as people write them', () => {
    expect([bytes(999), bytes(15_900_000), bytes(999_999_999)]).toEqual(['999 B', '15.9 MB', '1.00 GB']);
    expect([duration(5), duration(200), duration(7500)]).toEqual(['5 s', '3 min 20 s', '2 h 5 min']);
    expect([shellWord('a/b.png'), shellWord("it's")]).toEqual(['a/b.png', "'it'\\''s'"]);
  });

  it('knows every error of a model, its store and its graph by base and code', () => {
    const rows: [Error, number][] = [
      [new StoreFolderError('models', 'EACCES'), EXIT.output],
      [new TensorTypeError('w.safetensors', 'a', 'I32', 'a weight must be F32'), EXIT.model],
      [new OfflineError('hub', 'ENOTFOUND', undefined), EXIT.network],
      [new EmptyPromptError(''), EXIT.usage],
      [new ShapeError('reshape', '3 is not 4'), EXIT.model],
    ];
    expect(rows.map(([error]) => faultOf(error).exitCode)).toEqual(rows.map(([, code]) => code));
    for (const [error] of rows) expect(faultOf(error).message).not.toContain('fault of Tessera');
    class NewError extends ModelError {
      readonly code = 'TENSOR_DATA';
    }
    expect(faultOf(new NewError('x'))).toEqual({ exitCode: EXIT.model, kind: 'NewError', message: 'x' });
  });

  it('calls an unknown error a fault of its own, on one line', () => {
    expect(faultOf(new TypeError('x\n  y'))).toMatchObject({
      exitCode: EXIT.internal,
      message: expect.stringMatching(/^x y \(this/),
    });
    expect(faultOf('text').message).toMatch(/^text \(this/);
  });
});
