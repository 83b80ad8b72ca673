// Edits by the real engine: each task's seed scene is optimised towards its prompt, and the independent judge decides.
import { type Engine, type Frame, parsePlan, type RunPlan } from '@tessera/engine';
import type { Benchmark, EditTask } from './benchmark.ts';
import type { Judge } from './judge.ts';
import { type EditOutcome, judgeEdit } from './metrics.ts';
import { CLIP, TOKENIZER } from './models.ts';
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

/** What edits are measured with. */
export interface EditBench {
  readonly benchmark: Benchmark;
  readonly judge: Judge;
  /** Each makes one edit at a time. */
  readonly engines: readonly Engine[];
}

/** Runs the edits, in their order in the result; `onDone` hears of each as it ends. */
export async function runEdits(
  { benchmark, judge, engines }: EditBench,
  edits: readonly EditTask[],
  settings: EditSettings,
  seed: number,
  onDone: (run: EditRun, done: number) => void = () => {},
): Promise<EditRun[]> {
  const runs: EditRun[] = [];
  let done = 0;
  // One iterator for all engines: each takes the next edit when it is free.
  const waiting = edits.entries();
  const work = async (engine: Engine) => {
    for (const [place, edit] of waiting) {
      const { frame, steps } = await optimise(engine, benchmark, edit, settings, seed);
      const image = toPlanes([frame.data], benchmark.tile);
      const [verdict] = await judge.verdicts(engine, image);
      const outcome = judgeEdit(edit, benchmark.scenes[edit.scene]!, verdict!);
      const run = { ...outcome, steps, picture: frame.data };
      runs[place] = run;
      done += 1;
      onDone(run, done);
    }
  };
  await Promise.all(engines.map(work));
  return runs;
}

async function optimise(
  engine: Engine,
  benchmark: Benchmark,
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
