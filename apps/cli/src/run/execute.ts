// Runs a plan for a command: progress, history and frames on the way; whatever ends it, what was computed is written.
import {
  deadKnobs,
  type Engine,
  type Frame,
  type LoadedTokenizer,
  type OptimiseOptions,
  Run,
  type RunPlan,
  type RunResult,
  type RunStatus,
  type StepEvent,
} from '@tessera/engine';
import { UnfinishedRunError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { OutputPaths } from '../output/paths.ts';
import { Reel } from '../output/reel.ts';
import type { Outcome, Reporter } from '../output/report.ts';
import { duration, shellWord } from '../output/words.ts';
import { type KeptRun, keepRun, writeCheckpoint } from '../output/write-run.ts';
import { History } from '../tokens/history.ts';
import { type DriveOptions, drive } from './drive.ts';
import type { Geometry } from './record.ts';
import { Stopper } from './stop.ts';

export interface Job {
  readonly plan: RunPlan;
  readonly tokenizer: LoadedTokenizer;
  readonly geometry: Geometry;
  readonly options: Omit<OptimiseOptions, 'signal'> & Pick<DriveOptions, 'stopAt' | 'checkpointEvery'>;
  readonly paths: OutputPaths;
  /** Shown before the run's own frames: the image as it was given. */
  readonly given?: Frame;
  /** What the run starts from, decoded. */
  readonly first?: Frame;
  /** Repeats the command's first words, for the hint how to go on. */
  readonly again: string;
}

/**
 * @returns the exit code; results are written and reported
 * @throws UnfinishedRunError once the run has begun: it names what was kept; before that, what kept it from beginning
 */
export async function execute(engine: Engine, job: Job, report: Reporter): Promise<ExitCode> {
  const { plan, tokenizer, paths, geometry, given } = job;
  const { stopAt, checkpointEvery, ...options } = job.options;
  using stopper = new Stopper('Stopping after this step, the result so far will be kept');
  const watch = new Watch(report, job);
  const started = performance.now();
  report.doing(`compiling the step for ${engine.runtime.provider} ...`);
  const run = await open(engine, job, options);
  const before = run.step;
  if (options.from && run.done) {
    report.note(`The checkpoint is at step ${before} already: add --iterations ${before + 100} to go further.`);
  }
  let status: RunStatus = 'cancelled';
  let failure: { readonly error: unknown } | undefined;
  try {
    status = await drive(engine, run, {
      signal: stopper.signal,
      ...(stopAt !== undefined && { stopAt }),
      ...(checkpointEvery !== undefined && { checkpointEvery }),
      onStep: (event) => watch.step(event, run.plan),
      onCheckpoint: async (checkpoint) => {
        if (paths.checkpoint !== undefined) await writeCheckpoint(paths.checkpoint, checkpoint, plan.frameEvery);
      },
    });
  } catch (error) {
    failure = { error };
  }
  const seconds = (performance.now() - started) / 1000;
  report.doing('writing the results ...');
  const { history, reel } = watch;
  const partial = failure !== undefined || stopper.exitCode !== undefined;
  const kept = await keepRun({
    ...{ run, status, partial, paths, geometry, history, reel, tokenizer, given },
    frameEvery: plan.frameEvery,
  });
  failure ??= kept.failures[0];
  // Without a result there is a failure.
  if (failure || !kept.result) {
    report.clear();
    throw new UnfinishedRunError(failure?.error, keptInWords(kept, run, job), kept.files);
  }
  const facts = { seconds, before, similarities: watch.similarities };
  report.result(outcome(engine, kept.result, kept.files, facts));
  if (stopper.exitCode === undefined) return EXIT.ok;
  report.clear();
  process.stderr.write(
    `tessera: stopped at step ${run.step} of ${run.plan.iterations}, the result so far is kept: ${goOn(kept, job)}\n`,
  );
  return stopper.exitCode;
}

/** Frames are only decoded where pictures of the run are asked for. They change nothing in it, and are no part of its record. */
function open(engine: Engine, { plan, paths }: Job, { from, ...options }: OptimiseOptions): Promise<Run> {
  const pictured = paths.animations.length > 0 || paths.sheet !== undefined;
  const frameEvery = pictured ? Math.max(1, plan.frameEvery) : 0;
  const same = from && { ...from, plan: { ...from.plan, frameEvery } };
  return Run.open(engine, { ...plan, frameEvery }, { ...options, ...(same && { from: same }) });
}

/** What is gathered from the steps of a run. */
class Watch {
  readonly history = new History();
  readonly reel = new Reel();
  readonly similarities: number[] = [];
  readonly #report: Reporter;

  constructor(report: Reporter, { first }: Job) {
    this.#report = report;
    if (first) this.reel.add(-1, first);
  }

  step(event: StepEvent, plan: RunPlan): void {
    this.history.add(event);
    const similarity = event.terms.find((term) => term.similarity !== undefined)?.similarity;
    if (similarity !== undefined) this.similarities.push(similarity);
    if (event.frame) this.reel.add(event.step, event.frame);
    for (const { reason } of event.rejected)
      this.#report.note(`A change at step ${event.step + 1} is left out: ${reason}`);
    if (event.steering.length > 0) for (const note of deadKnobs(plan)) this.#report.note(note);
    this.#report.step(event, plan.iterations);
  }
}

/** What is left of a run that failed, or whose results could not all be written. */
function keptInWords(kept: KeptRun, run: Run, job: Job): string {
  if (kept.checkpoint !== undefined) return `the ${run.step} steps so far are kept: ${goOn(kept, job)}`;
  if (kept.image === undefined) return `its ${run.step} steps could not be kept`;
  return `the other results are written (${kept.files.map(({ path }) => path).join(', ')})`;
}

function goOn({ checkpoint }: Pick<KeptRun, 'checkpoint'>, { again }: Job): string {
  return checkpoint === undefined ? 'start it again' : `go on with ${again} --resume ${shellWord(checkpoint)}`;
}

const ENDINGS: Readonly<Record<RunStatus, string>> = {
  completed: 'done',
  cancelled: 'stopped',
  plateau: 'stopped on a plateau of the loss',
  diverged: 'stopped, the meter kept falling',
};

interface Facts {
  readonly seconds: number;
  /** Steps done before this command. */
  readonly before: number;
  readonly similarities: readonly number[];
}

function outcome(
  engine: Engine,
  { status, steps, skippedSteps, tokens, manifest }: RunResult,
  files: Outcome['files'],
  { seconds, before, similarities }: Facts,
): Outcome {
  const { provider } = engine.runtime;
  const done = steps - before;
  const skips = skippedSteps > 0 ? `, ${skippedSteps} skipped` : '';
  const speed = done > 0 ? ` in ${duration(seconds)} (${(done / seconds).toFixed(1)} steps/s on ${provider})` : '';
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
      provider,
      tokenizer: manifest.tokenizer,
      tokens: { kind: tokens.kind, data: Array.from(tokens.data) },
    },
  };
}
