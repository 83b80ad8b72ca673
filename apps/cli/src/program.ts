// The command line as a tree of commands, and the edge where every error becomes a line and an exit code.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { demoCommand } from './commands/demo.ts';
import { editCommand } from './commands/edit.ts';
import { generateCommand } from './commands/generate.ts';
import { inpaintCommand } from './commands/inpaint.ts';
import { modelsCommand } from './commands/models.ts';
import { replayCommand } from './commands/replay.ts';
import { runCommand } from './commands/run.ts';
import { tokensCommand } from './commands/tokens.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { report } from './report-fault.ts';

/** Runs one command. Never throws. @param argv without the program's name */
export async function run(argv: readonly string[]): Promise<number> {
  let code: ExitCode = EXIT.ok;
  try {
    await program((result) => {
      code = result;
    }).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    return await report(error, argv.includes('--json'));
  }
}

function program(done: (code: ExitCode) => void): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const root = new Command('tessera')
    .description('Edits and makes images by optimising their tokens.')
    .version(version, '-v, --version')
    .showSuggestionAfterError()
    .helpCommand(false)
    // The message is written once, at the edge.
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .addHelpText('after', '\ntessera COMMAND --help tells more, with examples. Exit codes: docs/cli.md.');
  for (const add of [
    demoCommand,
    editCommand,
    generateCommand,
    inpaintCommand,
    runCommand,
    replayCommand,
    tokensCommand,
    modelsCommand,
    benchCommand,
  ]) {
    add(root, done);
  }
  return root;
}
