// tessera demo: one edit that works on a fresh machine.
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';
import { addEngineOptions, addReportOptions, type EngineFlags, type ReportFlags } from '../options/run-flags.ts';
import { positive } from '../options/values.ts';

export type DemoFlags = EngineFlags & ReportFlags & { readonly out: string; readonly iterations: number };

export function demoCommand(program: Command, done: (code: ExitCode) => void): void {
  const command = program
    .command('demo')
    .summary('edit a picture that comes with Tessera')
    .description('Edits a picture that comes with Tessera, with the models that come with it. Nothing is downloaded.')
    .option('-o, --out <folder>', 'folder for the results', 'tessera-demo')
    .option('--iterations <n>', 'steps', positive, 200);
  addReportOptions(addEngineOptions(command))
    .addHelpText('after', '\nExamples:\n  tessera demo\n  tessera demo --out results --iterations 50')
    .action(async (flags: DemoFlags) => {
      const { demo } = await import('../actions/demo.ts');
      done(await demo(flags));
    });
}
