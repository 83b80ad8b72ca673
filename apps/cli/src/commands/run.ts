// tessera run: any plan, given as JSON.
import { type Command, Option } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import {
  addEngineOptions,
  addFitOption,
  addOutputOptions,
  addReportOptions,
  type EngineFlags,
  type OutputFlags,
  type ReportFlags,
} from '../options/run-flags.ts';
import { number } from '../options/values.ts';

export interface PlanRunFlags extends EngineFlags, ReportFlags, OutputFlags {
  readonly fit: 'crop' | 'pad' | 'stretch';
  readonly image?: string;
  readonly mask?: string;
  readonly feather: number;
  readonly fill: 'mean' | 'keep';
  readonly resume?: string;
}

export function runCommand(program: Command, done: (code: ExitCode) => void): void {
  const command = program
    .command('run')
    .summary('run a plan given as JSON')
    .description('Runs a plan given as JSON: any tokenizer, weighted sums of objectives, live changes at given steps.')
    .argument('[plan]', 'JSON file; not needed with --resume')
    .option('--image <file>', 'image to start from, and to compare with where an objective does')
    .option('--mask <file>', 'white is not compared; without one the whole image is')
    .option('--feather <px>', "blur of the mask's edge, in pixels of the model's image", number, 4)
    .addOption(
      new Option('--fill <how>', 'what the hole starts as: the mean colour of the rest, or what is there')
        .choices(['mean', 'keep'])
        .default('mean'),
    )
    .option('--resume <checkpoint>', 'go on from a checkpoint, with its plan');
  addReportOptions(addEngineOptions(addOutputOptions(addFitOption(command))))
    .addHelpText(
      'after',
      '\nExamples:\n  tessera run plan.json --image fox.png --out result.png\n  tessera run --resume result.checkpoint.safetensors',
    )
    .action(async (plan: string | undefined, flags: PlanRunFlags) => {
      const { runPlan } = await import('../actions/run-plan.ts');
      done(await runPlan(plan, flags));
    });
}
