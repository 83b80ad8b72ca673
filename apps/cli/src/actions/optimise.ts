// What edit, generate and inpaint have in common: names, plan, engine, run.
import { basename, extname } from 'node:path';
import { deadKnobs } from '@tessera/engine';
import type { ExitCode } from '../exit-codes.ts';
import type { Task } from '../options/plan.ts';
import type { RunFlags } from '../options/run-flags.ts';
import { outputPaths } from '../output/paths.ts';
import { reporter } from '../output/report.ts';
import { openEngine, openLibrary } from '../run/engine.ts';
import { execute, type Job } from '../run/execute.ts';
import { type Images, planOf, readInputs, startOfRun } from '../run/prepare.ts';
import { promptNotes } from '../run/prompt-notes.ts';

const SUFFIXES: Readonly<Record<Task, string>> = { edit: 'edit', generate: 'generated', inpaint: 'inpainted' };

/** @param again the command without its options, for hints how to go on */
export async function optimise(task: Task, images: Images, flags: RunFlags, again: string): Promise<ExitCode> {
  const report = reporter(flags);
  const stem = [stemOf(images.image ?? flags.resume), SUFFIXES[task]].filter(Boolean).join('-');
  const paths = outputPaths(flags, stem);
  const { plan, from } = await planOf(task, flags);
  if (from && from.step >= plan.iterations) {
    report.note(`The checkpoint is at step ${from.step} already: add --iterations ${from.step + 100} to go further.`);
  }
  if ((from || flags.manifest !== undefined) && flags.preset !== undefined) {
    report.note('--preset is not used: the settings come from the file.');
  }
  const library = openLibrary();
  const tokenizer = await library.tokenizer(plan.tokenizer);
  for (const note of [...deadKnobs(plan), ...(await promptNotes(library, plan))]) report.note(note);
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
    geometry: { fit: flags.fit, ...(images.mask !== undefined && { feather: images.feather ?? 0 }) },
    options: {
      ...start.options,
      ...(flags.checkpointEvery !== undefined && { checkpointEvery: flags.checkpointEvery }),
    },
  };
  return await execute(engine, job, report);
}

function stemOf(file: string | undefined): string {
  return file === undefined ? '' : basename(file, extname(file)).replace(/\.checkpoint$/, '');
}
