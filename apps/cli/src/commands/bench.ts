// tessera bench: hands over to the benchmarks of the repository.
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';

export function benchCommand(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('bench')
    .summary('measure this machine')
    .description('Measures the engine on this machine; the options are those of the benchmarks.')
    .argument('[options...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (_: string[], __: object, command: Command) => {
      const { runBench } = await import('@tessera/bench');
      done((await runBench(command.args)) as ExitCode);
    });
}
