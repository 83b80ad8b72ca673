// The figures of the benchmark on cases whose answer is known by hand.
import { describe, expect, it } from 'vitest';
import type { EditTask, Scene } from '../../src/pocket/benchmark.ts';
import { chooseEdits } from '../../src/pocket/edits.ts';
import {
  accuracy,
  argMax,
  codebookUse,
  type EditOutcome,
  editShares,
  gridExcess,
  gridSteps,
  judgeEdit,
  psnr,
  sharesByTask,
} from '../../src/pocket/metrics.ts';
import { batches, toPixels, toPlanes } from '../../src/pocket/pictures.ts';

describe('psnr', () => {
  it('is 20 dB for an error of a tenth everywhere, and 100 dB for none', () => {
    const a = Float32Array.of(0.5, 0.25, 0.75, 0.5);
    expect(
      psnr(
        a,
        a.map((x) => x + 0.1),
      ),
    ).toBeCloseTo(20, 4);
    expect(psnr(a, a)).toBeCloseTo(100, 6);
  });
  it('refuses pictures of two sizes', () => {
    expect(() => psnr(new Float32Array(3), new Float32Array(4))).toThrow(RangeError);
  });
});

describe('gridExcess', () => {
  const side = 8;
  const picture = (at: (x: number, y: number) => number) =>
    Float32Array.from({ length: 3 * side * side }, (_, i) => at(i % side, Math.floor(i / side) % side));
  const slope = picture((x, y) => (x + y) / 16);
  it('is 1 where borders are like the rest, and more where cells of the grid differ', () => {
    const plain = gridSteps(slope, side, 4);
    expect(plain.across).toBeCloseTo(1 / 16, 6);
    expect(plain.within).toBeCloseTo(1 / 16, 6);
    expect(gridExcess([plain], [plain])).toBe(1);
    const tiled = picture((x, y) => (x + y) / 16 + (x < 4 ? 0 : 1 / 16));
    expect(gridSteps(tiled, side, 4).across).toBeCloseTo(1.5 / 16, 6);
    expect(gridExcess([gridSteps(tiled, side, 4)], [plain])).toBeCloseTo(1.5, 6);
  });
});

describe('shares', () => {
  it('codebook use counts each code once', () => {
    expect(codebookUse([0, 5, 5, 5, 7], 8)).toBe(3 / 8);
    expect(codebookUse([], 8)).toBe(0);
  });
  it('accuracy is the share of equal answers', () => {
    expect(accuracy(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'x'])).toBe(0.5);
    expect(() => accuracy(['a'], ['a', 'b'])).toThrow(/one answer per question/);
  });
  it('argMax looks at its own row only and takes the first of equals', () => {
    expect(argMax(Float32Array.of(9, 1, 3, 3, 9), 1, 3)).toBe(1);
  });
});

const scene: Scene = { subject: 'panda', background: 'city', light: 'day', style: 'flat' };
const edit = (task: EditTask['task'], want: EditTask['want'], at = 0): EditTask => ({
  ...{ task, want, scene: at },
  prompt: `${task} ${at}`,
});

describe('judgeEdit', () => {
  it('a changed background succeeds when it is found; subject and light are what is kept', () => {
    const task = edit('background', { background: 'desert' });
    const outcome = judgeEdit(task, scene, { subject: 'panda', background: 'desert', light: 'night' });
    expect(outcome).toMatchObject({ success: true, kept: 0.5 });
    expect(judgeEdit(task, scene, scene)).toMatchObject({ success: false, kept: 1 });
  });
  it('two things asked for must both be found; from scratch nothing is to be kept', () => {
    const task = edit('scratch', { subject: 'cow', background: 'desert' });
    const verdict = { subject: 'cow', background: 'city', light: 'day' };
    expect(judgeEdit(task, scene, verdict)).toMatchObject({ success: false, kept: undefined });
    expect(judgeEdit(task, scene, { ...verdict, background: 'desert' }).success).toBe(true);
  });
  it('shares: kept is over the pairs that have something to keep', () => {
    const outcome = (task: EditTask['task'], success: boolean, kept: number | undefined): EditOutcome => ({
      ...{ edit: edit(task, { light: 'day' }), verdict: {}, success, kept },
    });
    const outcomes = [outcome('light', true, 1), outcome('light', false, 0.5), outcome('scratch', true, undefined)];
    expect(editShares(outcomes)).toEqual({ pairs: 3, success: 2 / 3, kept: 0.75 });
    expect(sharesByTask(outcomes).get('scratch')).toEqual({ pairs: 1, success: 1, kept: undefined });
  });
});

describe('chooseEdits', () => {
  const edits = (['subject', 'background', 'light', 'scratch'] as const).flatMap((task) =>
    Array.from({ length: 6 }, (_, at) => edit(task, { light: 'day' }, at)),
  );
  it('draws evenly over the tasks, by the seed, in the order of the benchmark', () => {
    const chosen = chooseEdits({ edits }, 8, 1);
    expect(chosen.map(({ task }) => task).sort()).toEqual(
      ['background', 'light', 'scratch', 'subject'].flatMap((task) => [task, task]),
    );
    expect(chosen).toEqual(edits.filter((e) => chosen.includes(e)));
    expect(chooseEdits({ edits }, 8, 1)).toEqual(chosen);
    expect(chooseEdits({ edits }, 8, 2)).not.toEqual(chosen);
  });
  it('a smaller choice lies inside a larger one, and there are never more than there are', () => {
    const large = chooseEdits({ edits }, 16, 1);
    expect(chooseEdits({ edits }, 8, 1).every((e) => large.includes(e))).toBe(true);
    expect(chooseEdits({ edits }, 99, 1)).toEqual(edits);
  });
});

describe('pictures', () => {
  it('planes and pixels are inverse to each other', () => {
    const pictures = [0, 1].map((k) => Uint8Array.from({ length: 5 * 5 * 3 }, (_, i) => (i * 7 + k * 31) % 256));
    const planes = toPlanes(pictures, 5);
    expect(planes[25]).toBeCloseTo(pictures[0]![1]! / 255, 6);
    pictures.forEach((picture, k) => {
      expect(toPixels(planes.subarray(k * 75, (k + 1) * 75), 5)).toEqual(picture);
    });
    expect(batches([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
  });
});
