// The figures of the benchmark, as functions of plain numbers. The definitions are those of training/measure.py and training/optimise.py.
import { ATTRIBUTES, type EditTask, type Scene, type Task } from './benchmark.ts';

/** Peak signal to noise ratio in dB of two pictures in 0..1; 100 dB for equal ones. */
export function psnr(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length || a.length === 0) {
    throw new RangeError(`psnr compares pictures of one size; these have ${a.length} and ${b.length} numbers.`);
  }
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return -10 * Math.log10(Math.max(sum / a.length, 1e-10));
}

/** Mean step between neighbouring pixels, over those on two sides of a border of the grid and over the others. */
export interface Steps {
  readonly across: number;
  readonly within: number;
}

/** The steps of a picture [3, S, S] for a grid of cells of `cell` px. */
export function gridSteps(planes: Float32Array, side: number, cell: number): Steps {
  const [across, within] = [
    { sum: 0, count: 0 },
    { sum: 0, count: 0 },
  ];
  planes.forEach((value, i) => {
    const [y, x] = [Math.floor(i / side) % side, i % side];
    for (const [at, before] of [
      [x, i - 1],
      [y, i - side],
    ] as const) {
      if (at === 0) continue;
      const group = at % cell === 0 ? across : within;
      group.sum += Math.abs(value - planes[before]!);
      group.count++;
    }
  });
  return { across: across.sum / across.count, within: within.sum / within.count };
}

/** How much steeper reconstructions are across the borders of the decoder's patches than inside, against the originals: 1 is no grid. */
export function gridExcess(again: readonly Steps[], originals: readonly Steps[]): number {
  const ratio = (steps: readonly Steps[]) => mean(steps.map((s) => s.across)) / mean(steps.map((s) => s.within));
  return ratio(again) / ratio(originals);
}

export const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Share of pairs that agree. */
export function accuracy(found: readonly string[], wanted: readonly string[]): number {
  if (found.length !== wanted.length || found.length === 0) {
    throw new RangeError(`accuracy needs one answer per question; there are ${found.length} and ${wanted.length}.`);
  }
  return mean(found.map((answer, i) => (answer === wanted[i] ? 1 : 0)));
}

/** Share of a codebook's entries that occur at all. */
export function codebookUse(indices: Iterable<number>, size: number): number {
  return new Set(indices).size / size;
}

/** Position of the largest of `count` numbers from `start` on; the first of equals. */
export function argMax(values: Float32Array, start: number, count: number): number {
  let best = start;
  for (let i = start + 1; i < start + count; i++) if (values[i]! > values[best]!) best = i;
  return best - start;
}

/** What the judge says of one picture: attribute -> class. */
export type Verdict = Readonly<Record<string, string>>;

export interface EditOutcome {
  readonly edit: EditTask;
  readonly verdict: Verdict;
  /** Everything that was asked for is found. */
  readonly success: boolean;
  /** Share of the attributes not asked for that are as in the seed scene; undefined for a picture from scratch. */
  readonly kept: number | undefined;
}

export function judgeEdit(edit: EditTask, scene: Scene, verdict: Verdict): EditOutcome {
  const success = ATTRIBUTES.every((name) => edit.want[name] === undefined || verdict[name] === edit.want[name]);
  const others = ATTRIBUTES.filter((name) => edit.want[name] === undefined);
  const kept = mean(others.map((name) => (verdict[name] === scene[name] ? 1 : 0)));
  return { edit, verdict, success, kept: edit.task === 'scratch' || others.length === 0 ? undefined : kept };
}

export interface EditShares {
  readonly pairs: number;
  readonly success: number;
  /** Over the pairs that have something to keep; undefined where none has. */
  readonly kept: number | undefined;
}

export function editShares(outcomes: readonly EditOutcome[]): EditShares {
  const kept = outcomes.flatMap((outcome) => (outcome.kept === undefined ? [] : [outcome.kept]));
  return {
    pairs: outcomes.length,
    success: mean(outcomes.map(({ success }) => (success ? 1 : 0))),
    kept: kept.length ? mean(kept) : undefined,
  };
}

/** The same by task, in the order in which tasks first occur. */
export function sharesByTask(outcomes: readonly EditOutcome[]): Map<Task, EditShares> {
  const tasks = [...new Set(outcomes.map(({ edit }) => edit.task))];
  return new Map(tasks.map((task) => [task, editShares(outcomes.filter(({ edit }) => edit.task === task))]));
}
