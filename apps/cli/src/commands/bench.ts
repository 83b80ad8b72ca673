// tessera bench: hands over to the benchmarks of the repository.
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';

export function benchCommand(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('bench')
    .summary('measure this machine')
    .description('Measures the engine on this machine, beside PyTorch where it is installed.')
    .argument('[options...]')
    .allowUnknownOption()
    .addHelpText(
      'after',
      `
--json           one JSON object per row
--only <rows>    names of rows, with commas between them
--rounds <n>     rounds to measure
--threads <n>    CPU threads (default: 2)

Examples:
  tessera bench
  tessera bench --json --only pocket-step`,
    )
    .action(async (_: string[], __: object, command: Command) => {
      const { runBench } = await import('@tessera/bench');
      done((await runBench(command.args)) as ExitCode);
    });
}
