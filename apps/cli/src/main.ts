// The `tessera` program: parses the command line, runs one command, and turns whatever it throws into one line and an exit code.
import { guardStreams } from './output/streams.ts';
import { run } from './program.ts';
import { report } from './report-fault.ts';

// `npm run tessera` changes to the repository's root; paths on the command line are meant from where it was typed.
if (process.env.npm_lifecycle_event === 'tessera' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);

guardStreams();
// A failure that no command waits for still ends in one line.
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, async (error: unknown) => process.exit(await report(error, process.argv.includes('--json'))));
}
process.exitCode = await run(process.argv.slice(2));
