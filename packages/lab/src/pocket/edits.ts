// Edits by the real engine: each task's seed scene is optimised towards its prompt, and the independent judge decides.
import { type Frame, parsePlan, type RunPlan } from '@tessera/engine';
import type { Benchmark, EditTask } from './benchmark.ts';
import type { Judge } from './judge.ts';
import { type EditOutcome, judgeEdit } from './metrics.ts';
import { type Bench, CLIP, TOKENIZER } from './models.ts';
import { toPlanes } from './pictures.ts';
import { type EditSettings, pick } from './settings.ts';

export interface EditRun extends EditOutcome {
  /** Steps done; fewer than asked for where the plan stopped on a plateau. */
  readonly steps: number;
  /** The result, [S, S, 3]. */
  readonly picture: Uint8Array;
}

/** The plan of one edit. Tasks from scratch start from noise, the others from their scene. */
export function editPlan(edit: EditTask, settings: EditSettings, seed: number): RunPlan {
  const { crops, sigma, scratch, ...common } = settings;
  const fromNoise = edit.task === 'scratch';
  return parsePlan({
    ...common,
    ...(fromNoise && scratch),
    tokenizer: TOKENIZER,
    objectives: [{ kind: 'clip', model: CLIP, prompt: edit.prompt, crops }],
    start: fromNoise ? { kind: 'noise', sigma } : { kind: 'seed' },
    frameEvery: 0,
    // Every task draws its own noise and crops, the same ones under all settings.
    seed: seed + edit.scene,
  });
}

/** Runs the edits one after the other; `onDone` hears of each. */
export async function runEdits(
  bench: Bench & { readonly judge: Judge },
  edits: readonly EditTask[],
  settings: EditSettings,
  seed: number,
  onDone: (run: EditRun, done: number) => void = () => {},
): Promise<EditRun[]> {
  const runs: EditRun[] = [];
  for (const edit of edits) {
    const { frame, steps } = await optimise(bench, edit, settings, seed);
    const image = toPlanes([frame.data], bench.benchmark.tile);
    const [verdict] = await bench.judge.verdicts(bench.engine, image);
    const outcome = judgeEdit(edit, bench.benchmark.scenes[edit.scene]!, verdict!);
    const run = { ...outcome, steps, picture: frame.data };
    runs.push(run);
    onDone(run, runs.length);
  }
  return runs;
}

async function optimise(
  { engine, benchmark }: Bench,
  edit: EditTask,
  settings: EditSettings,
  seed: number,
): Promise<{ frame: Frame; steps: number }> {
  const image = toPlanes([benchmark.pictures[edit.scene]!], benchmark.tile);
  const run = engine.optimise(editPlan(edit, settings, seed), { image });
  for (;;) {
    const next = await run.next();
    if (next.done) return next.value;
  }
}

/** `count` of the benchmark's edits, as evenly over the tasks as it goes, drawn by the seed; all of them for a larger count. */
export function chooseEdits({ edits }: Pick<Benchmark, 'edits'>, count: number, seed: number): EditTask[] {
  const order = (edit: EditTask) => pick(2 ** 32, seed, edit.task, edit.scene, edit.prompt);
  const byTask = new Map<string, EditTask[]>();
  for (const edit of edits) byTask.set(edit.task, [...(byTask.get(edit.task) ?? []), edit]);
  for (const group of byTask.values()) group.sort((a, b) => order(a) - order(b));
  const rounds = Math.max(0, ...[...byTask.values()].map(({ length }) => length));
  const dealt = Array.from({ length: rounds }, (_, k) =>
    [...byTask.values()].flatMap((group) => group.slice(k, k + 1)),
  );
  const chosen = new Set(dealt.flat().slice(0, count));
  return edits.filter((edit) => chosen.has(edit));
}
