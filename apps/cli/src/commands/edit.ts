// tessera edit: an image towards a prompt.
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
import { shellWord } from '../output/words.ts';

export function editCommand(program: Command, done: (code: ExitCode) => void): void {
  const command = program
    .command('edit')
    .summary('change an image towards a prompt')
    .description('Changes an image towards a prompt by optimising its tokens.')
    .argument('[image]', 'JPEG, PNG or WebP; not needed with --resume');
  addReportOptions(addEngineOptions(addPlanOptions(addOutputOptions(addFitOption(command)))))
    .addHelpText(
      'after',
      `
Examples:
  tessera edit fox.png --prompt "a fox at night"
  tessera edit fox.png --prompt "a red rose" --negative "a fox" --cfg 1.5 --iterations 200 --gif
  tessera edit fox.png --prompt "a fox in snow" --tokens run.npz --checkpoint run.safetensors
  tessera edit --resume run.safetensors --iterations 500`,
    )
    .action(async (image: string | undefined, flags: RunFlags) => {
      const { optimise } = await import('../actions/optimise.ts');
      done(
        await optimise(
          'edit',
          image === undefined ? {} : { image },
          flags,
          `tessera edit${image === undefined ? '' : ` ${shellWord(image)}`}`,
        ),
      );
    });
}
