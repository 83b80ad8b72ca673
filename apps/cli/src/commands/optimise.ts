// What edit, generate and inpaint have in common: names, plan, engine, run.
import { basename, extname } from 'node:path';
import type { ExitCode } from '../exit-codes.ts';
import type { Task } from '../options/plan.ts';
import type { RunFlags } from '../options/run-flags.ts';
import { outputPaths } from '../output/paths.ts';
import { reporter } from '../output/report.ts';
import { openEngine } from '../run/engine.ts';
import { execute } from '../run/execute.ts';
import { type Images, planOf, startOfRun } from '../run/prepare.ts';

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
  report.doing('starting the engine ...');
  await using engine = await openEngine(flags);
  const tokenizer = await engine.library.tokenizer(plan.tokenizer);
  const start = await startOfRun(engine, tokenizer, plan, { ...images, fit: flags.fit }, from);
  const geometry = { fit: flags.fit, ...(images.mask !== undefined && { feather: images.feather ?? 0 }) };
  return await execute(
    engine,
    {
      ...start,
      plan,
      tokenizer,
      geometry,
      paths,
      again,
      options: {
        ...start.options,
        ...(flags.checkpointEvery !== undefined && { checkpointEvery: flags.checkpointEvery }),
      },
    },
    report,
  );
}

function stemOf(file: string | undefined): string {
  return file === undefined ? '' : basename(file, extname(file)).replace(/\.checkpoint$/, '');
}
