// What edit, generate, inpaint and run have in common: names, plan, engine, run.
import { basename, extname } from 'node:path';
import { deadKnobs } from '@tessera/engine';
import type { ExitCode } from '../exit-codes.ts';
import type { Task } from '../options/plan.ts';
import type { EngineFlags, OutputFlags, ReportFlags, RunFlags } from '../options/run-flags.ts';
import { outputPaths } from '../output/paths.ts';
import { type Reporter, reporter } from '../output/report.ts';
import { openEngine, openLibrary } from '../run/engine.ts';
import { execute, type Job } from '../run/execute.ts';
import { type Images, type Planned, planOf, readInputs, startOfRun } from '../run/prepare.ts';
import { promptNotes } from '../run/prompt-notes.ts';

const SUFFIXES: Readonly<Record<Task, string>> = { edit: 'edit', generate: 'generated', inpaint: 'inpainted' };

/** @param again the command without its options, for hints how to go on */
export async function optimise(task: Task, images: Images, flags: RunFlags, again: string): Promise<ExitCode> {
  const report = reporter(flags);
  const stem = [stemOf(images.image ?? flags.resume), SUFFIXES[task]].filter(Boolean).join('-');
  const planned = await planOf(task, flags);
  if ((planned.from || flags.manifest !== undefined) && flags.preset !== undefined) {
    report.note('--preset is not used: the settings come from the file.');
  }
  return await runPlanned(planned, { images, flags, stem, again, report });
}

export interface RunContext {
  readonly images: Images;
  readonly flags: EngineFlags & ReportFlags & OutputFlags & Pick<RunFlags, 'fit'>;
  /** Base of the results' names where none is given. */
  readonly stem: string;
  readonly again: string;
  readonly report: Reporter;
}

/** Runs a plan that was made. @throws errors of inputs, models, engine and results */
export async function runPlanned(
  { plan, now, from }: Planned,
  { images, flags, stem, again, report }: RunContext,
): Promise<ExitCode> {
  const paths = outputPaths(flags, stem);
  const library = openLibrary();
  const tokenizer = await library.tokenizer(plan.tokenizer);
  for (const note of [...deadKnobs(now), ...(await promptNotes(library, now))]) report.note(note);
  const inputs = await readInputs(tokenizer, plan, { ...images, fit: flags.fit }, from);
  report.doing('starting the engine ...');
  await using engine = await openEngine(flags, library);
  const start = await startOfRun(engine, tokenizer, plan, inputs, from);
  const job: Job = {
    ...start,
    plan,
    tokenizer,
    paths,
    again,
    geometry: { fit: flags.fit, ...(inputs.target && { feather: images.feather ?? 0 }) },
    options: {
      ...start.options,
      ...(flags.checkpointEvery !== undefined && { checkpointEvery: flags.checkpointEvery }),
    },
  };
  return await execute(engine, job, report);
}

export function stemOf(file: string | undefined): string {
  return file === undefined ? '' : basename(file, extname(file)).replace(/\.checkpoint$/, '');
}
