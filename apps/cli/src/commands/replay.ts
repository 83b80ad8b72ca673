// tessera replay: computes a run again from its manifest.
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import {
  addEngineOptions,
  addOutputOptions,
  addReportOptions,
  type EngineFlags,
  type OutputFlags,
  type ReportFlags,
} from '../options/run-flags.ts';

export type ReplayFlags = EngineFlags & ReportFlags & OutputFlags & { readonly image?: string; readonly mask?: string };

export function replayCommand(program: Command, done: (code: ExitCode) => void): void {
  const command = program
    .command('replay')
    .summary('compute a run again from its result')
    .description(
      'Computes a run again from the manifest inside its result PNG. No image is needed, except for inpainting.',
    )
    .argument('<file>', 'result PNG, or its manifest as JSON')
    .option('--image <file>', 'the image of an inpainting')
    .option('--mask <file>', 'the mask of an inpainting');
  addReportOptions(addEngineOptions(addOutputOptions(command)))
    .addHelpText('after', '\nExamples:\n  tessera replay fox-edit.png --gif --out again.png')
    .action(async (file: string, flags: ReplayFlags) => {
      const { replay } = await import('../actions/replay.ts');
      done(await replay(file, flags));
    });
}
