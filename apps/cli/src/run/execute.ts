// Runs a plan for a command: progress, history and frames on the way, the results written at the end, also of a stopped run.
import {
  type Checkpoint,
  type Engine,
  encodeCheckpoint,
  type Frame,
  type LoadedTokenizer,
  type RunPlan,
  type RunResult,
} from '@tessera/engine';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { OutputPaths } from '../output/paths.ts';
import { Reel } from '../output/reel.ts';
import type { Outcome, Reporter } from '../output/report.ts';
import { duration } from '../output/words.ts';
import { writeResult } from '../output/write.ts';
import { writeRun } from '../output/write-run.ts';
import { History } from '../tokens/history.ts';
import { type DriveOptions, drive } from './drive.ts';
import type { Geometry, RunRecord } from './record.ts';
import { Stopper } from './stop.ts';

export interface Job {
  readonly plan: RunPlan;
  readonly tokenizer: LoadedTokenizer;
  readonly geometry: Geometry;
  readonly options: Omit<DriveOptions, 'signal' | 'onCheckpoint'>;
  readonly paths: OutputPaths;
  /** Shown before the run's own frames: the image as it was given. */
  readonly given?: Frame;
  /** What the run starts from, decoded. */
  readonly first?: Frame;
  /** Repeats the command's first words, for the hint how to go on. */
  readonly again: string;
}

/** @returns the exit code; results are written and reported. @throws whatever ends a run without a result */
export async function execute(engine: Engine, job: Job, report: Reporter): Promise<ExitCode> {
  const { plan, tokenizer, paths } = job;
  using stopper = new Stopper('Stopping after this step, the result so far will be kept');
  const history = new History();
  const reel = new Reel();
  if (job.first) reel.add(-1, job.first);
  const pictured = paths.animations.length > 0 || paths.sheet !== undefined;
  // Frames change nothing in a run, so how many were decoded is no part of its record.
  const frameEvery = pictured ? Math.max(1, plan.frameEvery) : 0;
  const asGiven = <T extends { readonly plan: RunPlan }>(of: T): T => ({
    ...of,
    plan: { ...of.plan, frameEvery: plan.frameEvery },
  });
  const save = (path: string, checkpoint: Checkpoint) => writeResult(path, encodeCheckpoint(asGiven(checkpoint)));
  const started = performance.now();
  const before = job.options.from?.step ?? 0;
  report.doing(`compiling the step for ${engine.runtime.provider} ...`);
  const run = drive(
    engine,
    { ...plan, frameEvery },
    {
      ...job.options,
      signal: stopper.signal,
      onCheckpoint: async (checkpoint) => {
        if (paths.checkpoint !== undefined) await save(paths.checkpoint, checkpoint);
      },
    },
  );
  const similarities: number[] = [];
  let next = await run.next();
  while (!next.done) {
    const event = next.value;
    history.add(event);
    const similarity = event.terms.find((term) => term.similarity !== undefined)?.similarity;
    if (similarity !== undefined) similarities.push(similarity);
    if (event.frame) reel.add(event.step, event.frame);
    report.step(event, plan.iterations);
    next = await run.next();
  }
  const result = next.value;
  const seconds = (performance.now() - started) / 1000;
  const record = asGiven(recordOf(result, job.geometry));
  report.doing('writing the results ...');
  const stopped = stopper.exitCode !== undefined;
  const checkpoint = paths.checkpoint ?? (stopped ? paths.rescue : undefined);
  const files = await writeRun({ paths, record, result, history, reel, shape: tokenizer.tokenizer, given: job.given });
  if (checkpoint !== undefined) {
    await save(checkpoint, result.checkpoint);
    files.push({ kind: 'checkpoint', path: checkpoint });
  }
  report.result(outcome(engine, result, { seconds, before, similarities }, files));
  if (!stopped) return EXIT.ok;
  report.clear();
  process.stderr.write(
    `tessera: stopped at step ${result.steps} of ${plan.iterations}, the result so far is kept: go on with ${job.again} --resume ${checkpoint}\n`,
  );
  return stopper.exitCode ?? EXIT.interrupted;
}

export function recordOf(result: RunResult, geometry: Geometry): RunRecord {
  return { ...result.manifest, geometry, outcome: { status: result.status, steps: result.steps } };
}

const ENDINGS: Readonly<Record<RunResult['status'], string>> = {
  completed: 'done',
  cancelled: 'stopped',
  plateau: 'stopped on a plateau of the loss',
  diverged: 'stopped, the meter kept falling',
};

function outcome(
  engine: Engine,
  result: RunResult,
  { seconds, before, similarities }: { seconds: number; before: number; similarities: readonly number[] },
  files: Outcome['files'],
): Outcome {
  const { status, steps, skippedSteps, tokens, manifest } = result;
  const done = steps - before;
  const skips = skippedSteps > 0 ? `, ${skippedSteps} skipped` : '';
  const speed =
    done > 0 ? ` in ${duration(seconds)} (${(done / seconds).toFixed(1)} steps/s on ${engine.runtime.provider})` : '';
  const [first, last] = [similarities[0], similarities.at(-1)];
  const gain =
    first === undefined || last === undefined ? '' : `, similarity ${first.toFixed(2)} to ${last.toFixed(2)}`;
  return {
    files,
    summary: `${ENDINGS[status]}: ${done} steps${skips}${speed}${gain}`,
    facts: {
      status,
      steps,
      skippedSteps,
      seconds: Number(seconds.toFixed(3)),
      provider: engine.runtime.provider,
      tokenizer: manifest.tokenizer,
      tokens: { kind: tokens.kind, data: Array.from(tokens.data) },
    },
  };
}
