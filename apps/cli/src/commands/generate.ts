// tessera generate: an image from noise and a prompt.
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import {
  addEngineOptions,
  addFitOption,
  addOutputOptions,
  addPlanOptions,
  addReportOptions,
  type RunFlags,
} from '../options/run-flags.ts';
import { number } from '../options/values.ts';

export function generateCommand(program: Command, done: (code: ExitCode) => void): void {
  const command = program
    .command('generate')
    .summary('make an image from noise and a prompt')
    .description('Makes an image from random tokens and a prompt; 400 steps with the settings of the paper.')
    .option('--sigma <x>', 'standard deviation of the random start (default: 1)', number);
  addReportOptions(addEngineOptions(addPlanOptions(addOutputOptions(addFitOption(command)))))
    .addHelpText(
      'after',
      `
Examples:
  tessera generate --prompt "a yellow banana on a beach"
  tessera generate --prompt "a red apple" --seed 7 --sigma 0.5 --iterations 200 --webp`,
    )
    .action(async (flags: RunFlags) => {
      const { optimise } = await import('../actions/optimise.ts');
      done(await optimise('generate', {}, flags, 'tessera generate'));
    });
}
