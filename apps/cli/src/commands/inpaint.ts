// tessera inpaint: fills a hole so that it goes with the rest of the image.
import { type Command, Option } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import {
  addEngineOptions,
  addFitOption,
  addOutputOptions,
  addPlanOptions,
  addReportOptions,
  type RunFlags,
} from '../options/run-flags.ts';
import { number, whole } from '../options/values.ts';
import { againWith } from '../output/again.ts';
import { shellWord } from '../output/words.ts';

interface InpaintFlags extends RunFlags {
  readonly mask: string;
  readonly feather: number;
  readonly fill: 'mean' | 'keep';
}

export function inpaintCommand(program: Command, done: (code: ExitCode) => void): void {
  const command = program
    .command('inpaint')
    .summary('fill a masked part of an image')
    .description(
      'Fills the white part of a mask so that it goes with the rest of the image, and with a prompt if one is given.',
    )
    .argument('<image>', 'JPEG, PNG or WebP')
    .requiredOption('-m, --mask <file>', 'image of the same size: white is filled, black is kept, grey is in between')
    .option('--feather <px>', "blur of the mask's edge, in pixels of the model's image", number, 4)
    .option('--reset-every <n>', 'put the known pixels back every so many steps; 0 never (default: 50)', whole)
    .option('--l1-weight <x>', 'weight of the distance to the known part (default: 1)', number)
    .addOption(
      new Option('--fill <how>', 'what the hole starts as: the mean colour of the rest, or what is there')
        .choices(['mean', 'keep'])
        .default('mean'),
    );
  addReportOptions(addEngineOptions(addPlanOptions(addOutputOptions(addFitOption(command)))))
    .addHelpText(
      'after',
      `
Examples:
  tessera inpaint fox.png --mask hole.png
  tessera inpaint fox.png --mask hole.png --prompt "a beach" --feather 6 --reset-every 25 --sheet`,
    )
    .action(async (image: string, flags: InpaintFlags) => {
      const { optimise } = await import('../actions/optimise.ts');
      const { mask, feather, fill } = flags;
      const again = againWith(`tessera inpaint ${shellWord(image)}`, { mask, feather, fit: flags.fit });
      done(await optimise('inpaint', { image, mask, feather, fill }, flags, again));
    });
}
